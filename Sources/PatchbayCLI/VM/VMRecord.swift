import PatchbayAPI
import PatchbayCore

/// What `vm show` says.
enum VMRecord {
    static func make(_ vm: API.VM) -> Record {
        var record = Record(mark: vm.mark, title: vm.name, verdict: Cell(vm.state.rawValue, vm.mark.colour))
        record.add(
            "machine",
            joining: [
                vm.host, vm.origin, vm.vcpus.map { CountWords.count($0, "vCPU") },
                vm.memoryMiB.map(TimeWords.size(mebibytes:)),
            ])
        record.add("now", vm.now.isEmpty ? ["no devices"] : vm.now.map(words))
        record.add("asks", vm.requests.map { "\($0.name)  \(words($0))" })
        record.add("at start", vm.atNextStart)
        if vm.isRestartPending {
            record.add("pending", "a restart: " + (vm.restartCommand ?? "patchbay vm restart \(vm.name)"))
        }
        record.add("plan", vm.plan.map { "\($0) is under way:  patchbay plan show \($0)" })
        for finding in vm.findings {
            record.add(finding.severity.rawValue, [finding.sentence] + finding.next.map { "next  \($0)" })
        }
        return record
    }

    /// `2 × gpus`, `atlas/0000:41:00.0`
    static func words(_ request: API.Request) -> String {
        let target = request.device ?? request.pool ?? request.name
        return request.count > 1 ? "\(request.count) × \(target)" : target
    }

    private static func words(_ device: API.VMDevice) -> String {
        var parts = [device.device, device.name]
        if device.isCompanion { parts.append("goes along") }
        if let pool = device.pool { parts.append("pool \(pool)") }
        if let request = device.request { parts.append("for \(request)") }
        return parts.joined(separator: "  ")
    }
}
