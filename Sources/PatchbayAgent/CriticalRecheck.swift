import PatchbayCore
import PatchbayHost

/// Looks again, right before a kernel write takes a function from the host, whether the host needs it by now.
///
/// A disk may have been mounted or a route moved between plan and write. Giving a function back is never stopped.
package struct CriticalRecheck: Sendable {
    private let kernel: any Kernel

    package init(_ kernel: any Kernel) { self.kernel = kernel }

    package func callAsFunction(_ plan: Plan, _ step: Step) async -> Problem? {
        guard let address = step.takenFromHost else { return nil }
        do throws(Problem) {
            let uses = try await kernel.inventory().hostUses[address] ?? []
            let critical = uses.filter { $0.severity == .critical }
            guard !critical.isEmpty else { return nil }
            return Problem(
                .hostCritical, "Device \(address.short) stays with \(plan.host): the host needs it.",
                evidence: critical.map(\.sentence),
                next: ["Free it first, then plan it again: patchbay device show \(plan.host)/\(address.short)"])
        } catch {
            return error
        }
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
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .startVM, .stopVM: nil
        }
    }
}
