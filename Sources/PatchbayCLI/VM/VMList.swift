import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// `patchbay vm list`
struct VMList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List VMs and the devices they hold.")
    static var choices: ListChoices { listing.choices }

    @OptionGroup var hostOption: HostOption
    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        if let host = hostOption.host { _ = try await service.host(host) }
        try await watch.list(
            service, out, { _ in Self.listing }, options: list, narrowing: hostOption.narrowing()
        ) { () async throws(Problem) in
            try await service.vms().filter { hostOption.host == nil || $0.host == hostOption.host }
        }
    }

    private static let listing = Listing<API.VM>(
        columns: [
            Column("vm") { Cell($0.name) },
            Column("host") { Cell($0.host) },
            Column("state", values: VMRecord.states) { Cell(VMRecord.state($0), $0.mark.colour) },
            Column("origin", values: ["managed", "adopted"]) { Cell($0.origin) },
            Column("cpus", .right) { Cell($0.vcpus) },
            Column("memory", .right) { Cell($0.memoryMiB.map(SizeWords.mebibytes)) },
            Column("now", shrinks: true) { vm in
                Cell(vm.now.filter { !$0.isCompanion }.map(\.device).joined(separator: ", "))
            },
            Column("asks", shrinks: true) { Cell($0.requests.map(\.asked).joined(separator: ", ")) },
            Column("note") { vm in
                Cell(vm.plan.map { "plan \($0)" } ?? (vm.isRestartPending ? "restart pending" : ""))
            },
        ],
        mark: { $0.mark },
        name: { $0.name },
        empty: ["No VMs yet.", "next  patchbay vm create NAME --disk /path/of/image.qcow2"])
}
