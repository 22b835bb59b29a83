import PatchbayCore

extension StepRunner {
    /// What is known of a step that is to be taken back.
    package enum Outcome: Hashable, Sendable {
        case performed
        /// It failed; a part of it may stand.
        case failed
        /// Nobody saw how it ended: its write did not come back, or the agent was gone. It may still be under way.
        case unknown
    }

    /// Takes one step back, also one that was done halfway or not at all, and looks until that shows.
    ///
    /// On a device that is gone nothing of ours stands any more: driver and override went with it.
    package func takeBack(_ step: Step, after outcome: Outcome) async throws(Problem) {
        if try await isGone(step) { return }
        if outcome == .unknown { try await settle(step) }
        switch step {
        case .probe(let address, let driver):
            try await release(address, probedFor: driver, after: outcome)
        case .loadModule, .unbind, .setOverride, .unbindInterface, .bindInterface, .defineVM, .undefineVM, .plug,
            .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM, .stopVM:
            switch step.wayBack {
            case .by(let inverse): try await restore(inverse)
            case .notNeeded: return
            // Nothing of it stands, or nobody can tell: there is nothing that could be taken back.
            case .impossible where outcome != .performed: return
            case .impossible:
                throw Problem(.notUndoable, "Step \"\(step.verb) \(step.object)\" cannot be undone.")
            }
        }
    }

    /// What a kernel step wrote to is not there any more.
    private func isGone(_ step: Step) async throws(Problem) -> Bool {
        switch step {
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _):
            try await kernel.driverState(of: address) == nil
        case .unbindInterface(let interface, _), .bindInterface(let interface, _):
            try await kernel.driverState(of: interface) == nil
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM,
            .stopVM:
            false
        }
    }

    /// The driver that has the function now; nil: none, or the function is gone.
    package func driver(of address: PCIAddress) async throws(Problem) -> String? {
        try await kernel.driverState(of: address)?.driver
    }

    /// What counts is what can be seen: an inverse that was answered with an error and shows all the same is done.
    private func restore(_ inverse: Step) async throws(Problem) {
        do throws(Problem) {
            try await perform(inverse)
        } catch let error where error.code != .timedOut {
            guard try await isInEffect(inverse) else { throw error }
        }
    }

    /// A probe that ended well is taken back from the driver it was for. One that did not may have given the function to
    /// another driver: it was driverless when our probe began, so that came by our hand too.
    private func release(
        _ address: PCIAddress, probedFor driver: String?, after outcome: Outcome
    ) async throws(Problem) {
        let now = try await kernel.driverState(of: address)?.driver
        let taker = outcome == .performed ? driver : now
        if let taker, taker == now { try await restore(.unbind(address, from: taker)) }
    }

    /// Waits until the kernel is through with a write that may still be under way.
    ///
    /// Binding, unbinding and overriding hold the device's lock (`drivers/base/dd.c`): when the next write comes back,
    /// the one before is over. What a probe may bind here is part of what is taken back next.
    private func settle(_ step: Step) async throws(Problem) {
        switch step {
        case .unbind(let address, _), .probe(let address, _): try await write(address.description, to: .driversProbe)
        case .setOverride(let address, let old, let new):
            let now = try await kernel.driverState(of: address)?.override
            if now == old || now == new { try await write(old ?? "", to: .driverOverride(address)) }
        case .unbindInterface(let interface, _), .bindInterface(let interface, _):
            try await write(interface.description, to: .interfacesProbe)
        case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM,
            .stopVM:
            return
        }
    }
}
