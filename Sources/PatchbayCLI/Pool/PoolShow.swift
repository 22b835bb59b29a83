import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool show gpus`
struct PoolShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a pool: its rules, the devices they match, and who asks for it.")

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let pool = try await global.service().pool(pool)
        try out.show(pool, name: pool.name) { record(pool) }
        guard out.isForPeople, !pool.devices.isEmpty else { return }
        out.write("\n")
        try out.list(pool.devices, DeviceListing.all, options: try ListOptions.parse([]))
    }

    private func record(_ pool: API.Pool) -> Record {
        let free = pool.deviceCounts[DeviceState.free.rawValue] ?? 0
        var record = Record(
            mark: nil, title: pool.name, pool.description, verdict: Cell("\(free) free of \(pool.devices.count)"))
        record.add(
            "settings",
            joining: [
                pool.kind.rawValue, "class \(pool.deviceClass.rawValue)", "prepare \(pool.preparation.rawValue)",
                pool.sticky.flatMap { $0 == .storage ? nil : "sticky \($0.rawValue)" },
                pool.guestReset.map { "guest reset \($0.rawValue)" },
            ])
        record.add("rules", pool.rules.isEmpty ? ["none: the pool matches nothing"] : pool.rules.map(RuleText.line))
        record.add("VMs", pool.vms.isEmpty ? "none" : pool.vms.joined(separator: ", "))
        for finding in pool.findings {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        record.add("attach", "patchbay attach \(pool.name) --to VM")
        return record
    }
}
