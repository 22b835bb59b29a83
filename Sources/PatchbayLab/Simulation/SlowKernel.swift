import PatchbayCore
import PatchbayHost

/// Another kernel whose host is slow to read, or cannot be read: what is reported is as old as the reading takes.
///
/// What steps ask and write goes straight through; only the readings for reports are slow.
package actor SlowKernel: Kernel {
    private let kernel: any Kernel
    private let takes: Duration
    private let clock: any Clock<Duration>
    private var problem: Problem?
    private var isHolding = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watching: [CheckedContinuation<Void, Never>] = []

    /// - Parameter takes: how long after the host was looked at a reading ends.
    package init(_ kernel: any Kernel, takes: Duration = .zero, clock: any Clock<Duration> = ContinuousClock()) {
        self.kernel = kernel
        self.takes = takes
        self.clock = clock
    }

    /// Readings from now on do not end until `letGo`.
    package func hold() { isHolding = true }

    /// Returns when a reading that began after `hold` has seen the host.
    package func untilHeld() async {
        if held.isEmpty { await withCheckedContinuation { watching.append($0) } }
    }

    package func letGo() {
        isHolding = false
        for reading in held { reading.resume() }
        held = []
    }

    /// Readings fail with it from now on; nil: they do not any more.
    package func fail(_ problem: Problem?) { self.problem = problem }

    package func inventory() async throws(Problem) -> Inventory { try await kernel.inventory() }

    package func inventory(after change: HostChange) async throws(Problem) -> Inventory {
        try await read { () async throws(Problem) in try await kernel.inventory(after: change) }
    }

    package func survey() async throws(Problem) -> Inventory {
        try await read { () async throws(Problem) in try await kernel.survey() }
    }

    private func read(_ look: () async throws(Problem) -> Inventory) async throws(Problem) -> Inventory {
        if let problem { throw problem }
        let inventory = try await look()
        if takes > .zero {
            do { try await clock.sleep(for: takes) } catch {
                throw Problem(.interrupted, "Reading the host was cancelled.", cause: "\(error)")
            }
        }
        if isHolding {
            await withCheckedContinuation { reading in
                held.append(reading)
                for watcher in watching { watcher.resume() }
                watching = []
            }
        }
        return inventory
    }

    package func driverState(of address: PCIAddress) async throws(Problem) -> DriverState? {
        try await kernel.driverState(of: address)
    }

    package func driverState(of interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState? {
        try await kernel.driverState(of: interface)
    }

    package func silence(of address: PCIAddress) async throws(Problem) -> Silence? {
        try await kernel.silence(of: address)
    }

    package func programs(holding devices: Set<DeviceKey>) async throws(Problem) -> OpenNodes {
        try await kernel.programs(holding: devices)
    }

    package func write(
        _ text: String, to attribute: KernelAttribute, deadlineSeconds: Int
    ) async throws(Problem) {
        try await kernel.write(text, to: attribute, deadlineSeconds: deadlineSeconds)
    }

    package func loadModule(_ name: String) async throws(Problem) { try await kernel.loadModule(name) }

    package nonisolated func changes() -> AsyncStream<HostChange> { kernel.changes() }
}
