import PatchbayCore
import PatchbayHost

/// Looks again, right before a kernel write takes a function from the host, whether the host needs it by now.
///
/// A disk may have been mounted, a route moved or a program started between plan and write. Giving a function back is never stopped.
package struct CriticalRecheck: Sendable {
    private let kernel: any Kernel

    package init(_ kernel: any Kernel) { self.kernel = kernel }

    package func callAsFunction(_ plan: Plan, _ step: Step) async -> Problem? {
        guard let address = step.takenFromHost else { return nil }
        do throws(Problem) {
            let uses = try await kernel.inventory().hostUses[address] ?? []
            let critical = try plan.critical(among: uses, of: address)
            guard critical.isEmpty else { return needed(address, on: plan.host, critical) }
            guard case .unbind = step else { return nil }
            let holders = try await kernel.programs(holding: address).filter(\.isObstacle)
            return holders.isEmpty ? nil : held(address, on: plan.host, holders)
        } catch {
            return error
        }
    }

    private func needed(_ address: PCIAddress, on host: String, _ uses: [HostUse]) -> Problem {
        Problem(
            uses.contains { $0.code == .hostCritical } ? .hostCritical : uses[0].code,
            "Device \(address.short) stays with \(host): the host needs it.",
            evidence: uses.map(\.sentence),
            next: ["Free it first, then plan it again: patchbay device show \(host)/\(address.short)"])
    }

    /// Taking a device from under an open program blocks in the kernel for as long as that runs.
    private func held(_ address: PCIAddress, on host: String, _ holders: [DeviceHolder]) -> Problem {
        let who = holders[0].command
        let others = Set(holders.map(\.pid)).count - 1
        let more = others > 0 ? " and \(others) more" : ""
        var seen: Set<String> = []
        return Problem(
            .inUse, "Device \(address.short) stays with \(host): \(who)\(more) has it open.",
            evidence: holders.map(\.sentence),
            next: holders.flatMap(\.release).filter { seen.insert($0).inserted })
    }
}

extension Step {
    /// The function this step takes away from the host; nil: it takes none, or gives one back.
    fileprivate var takenFromHost: PCIAddress? {
        switch self {
        case .unbind(let address, let driver): PCIFunction.isVFIO(driver) ? nil : address
        case .setOverride(let address, _, let driver?): PCIFunction.isVFIO(driver) ? address : nil
        case .probe(let address, let driver?): PCIFunction.isVFIO(driver) ? address : nil
        case .setOverride(_, _, nil), .probe(_, nil): nil
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .seat, .unseat, .startVM, .resetVM, .stopVM: nil
        }
    }
}
