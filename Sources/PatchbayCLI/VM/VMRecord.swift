import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// What `vm show` says.
enum VMRecord {
    static func make(_ vm: API.VM) -> Record {
        var record = Record(mark: vm.mark, title: vm.name, verdict: Cell(state(vm), vm.mark.colour))
        record.add(
            "machine",
            joining: [
                vm.host, vm.origin, vm.vcpus.map { CountWords.count($0, "vCPU") },
                vm.memoryMiB.map(SizeWords.mebibytes),
            ])
        record.add("placement", joining: seat(vm))
        record.add("now", vm.now.isEmpty ? ["no devices"] : vm.now.map(words))
        record.add("asks", vm.requests.map { "\($0.name)  \($0.words)" })
        record.add("at start", vm.atNextStart)
        record.add("knows", (vm.known ?? []).map(words))
        if vm.isRestartPending {
            record.add("pending", "a restart: " + (vm.restartCommand ?? "patchbay vm restart \(vm.name)"))
        }
        record.add("plan", vm.plan.map { "\($0) is under way:  patchbay plan show \($0)" })
        for finding in vm.findings {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        return record
    }

    /// `running`, or that nobody can say.
    static func state(_ vm: API.VM) -> String { vm.mayStillRun == true ? mayStillRun : vm.state.rawValue }
    static let states = Domain.State.allCases.map(\.rawValue) + [mayStillRun]
    private static let mayStillRun = "may still run"

    /// `CPUs thread · pages of 1G · 2 NUMA cells`; what was not said is left out.
    private static func seat(_ vm: API.VM) -> [String?] {
        [
            vm.pin.flatMap { $0 == .none ? nil : "CPUs pinned: \($0.rawValue)" }, vm.hugepages.map { "pages of \($0)" },
            vm.cells.map { CountWords.count($0, "NUMA cell") },
        ]
    }

    /// `disks-1  atlas/0000:01:00.0  NVMe serial S4EVNX0R1001; model 144d:a80a  it was atlas/0000:02:00.0`
    private static func words(_ known: API.KnownDevice) -> String {
        let parts = [known.request, known.device, known.knownBy.joined(separator: "; ")]
        return (parts + (known.movedFrom.map { ["it was \($0)"] } ?? [])).joined(separator: "  ")
    }

    private static func words(_ device: API.VMDevice) -> String {
        var parts = [device.device, device.name]
        if device.isCompanion { parts.append("companion") }
        if let pool = device.pool { parts.append("pool \(pool)") }
        if let request = device.request { parts.append("for \(request)") }
        return parts.joined(separator: "  ")
    }
}
