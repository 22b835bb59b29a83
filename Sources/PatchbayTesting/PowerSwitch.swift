import PatchbayCore
import PatchbayHost

/// Kills an agent at a chosen point, as `kill -9` does: from then on nothing it asks for has any effect.
///
/// Give the agent the kernel, hypervisor and journal wrapped by the switch; keep the ones inside for what comes after.
package actor PowerSwitch {
    /// Lines are appended journal lines, writes are kernel writes and changing hypervisor calls; both count from 1.
    package enum Point: Hashable, Sendable {
        case never
        case beforeLine(Int)
        case afterLine(Int)
        case afterWrite(Int)
    }

    private let point: Point
    package private(set) var lines = 0
    package private(set) var writes = 0
    package private(set) var isOff = false

    package init(at point: Point) { self.point = point }

    func requirePower() throws(Problem) {
        guard !isOff else { throw Problem(.interrupted, "This agent was killed.") }
    }

    func willAppend() throws(Problem) {
        lines += 1
        try cut(at: .beforeLine(lines))
    }

    func didAppend() throws(Problem) { try cut(at: .afterLine(lines)) }

    func didWrite() throws(Problem) {
        writes += 1
        try cut(at: .afterWrite(writes))
    }

    private func cut(at here: Point) throws(Problem) {
        if here == point { isOff = true }
        try requirePower()
    }
}

/// A journal that dies with its agent.
package struct MortalJournal: Journal {
    private let journal: any Journal
    private let power: PowerSwitch

    package init(_ journal: any Journal, _ power: PowerSwitch) {
        self.journal = journal
        self.power = power
    }

    package func append(_ entry: JournalEntry) async throws(Problem) {
        try await power.willAppend()
        try await journal.append(entry)
        try await power.didAppend()
    }

    package func entries() async throws(Problem) -> [JournalEntry] {
        try await power.requirePower()
        return try await journal.entries()
    }

    package func findings() async -> [Finding] { await journal.findings() }
}

/// A kernel that does not hear a dead agent.
package struct MortalKernel: Kernel {
    private let kernel: any Kernel
    private let power: PowerSwitch

    package init(_ kernel: any Kernel, _ power: PowerSwitch) {
        self.kernel = kernel
        self.power = power
    }

    package func inventory() async throws(Problem) -> Inventory {
        try await power.requirePower()
        return try await kernel.inventory()
    }

    package func inventory(after change: HostChange) async throws(Problem) -> Inventory {
        try await power.requirePower()
        return try await kernel.inventory(after: change)
    }

    package func survey() async throws(Problem) -> Inventory {
        try await power.requirePower()
        return try await kernel.survey()
    }

    package func driverState(of address: PCIAddress) async throws(Problem) -> DriverState? {
        try await power.requirePower()
        return try await kernel.driverState(of: address)
    }

    package func driverState(of interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState? {
        try await power.requirePower()
        return try await kernel.driverState(of: interface)
    }

    package func silence(of address: PCIAddress) async throws(Problem) -> Silence? {
        try await power.requirePower()
        return try await kernel.silence(of: address)
    }

    package func programs(holding devices: Set<DeviceKey>) async throws(Problem) -> OpenNodes {
        try await power.requirePower()
        return try await kernel.programs(holding: devices)
    }

    package func write(_ text: String, to attribute: KernelAttribute, deadlineSeconds: Int) async throws(Problem) {
        try await power.requirePower()
        try await kernel.write(text, to: attribute, deadlineSeconds: deadlineSeconds)
        try await power.didWrite()
    }

    package func loadModule(_ name: String) async throws(Problem) {
        try await power.requirePower()
        try await kernel.loadModule(name)
    }

    package func changes() -> AsyncStream<HostChange> { kernel.changes() }
}

/// A hypervisor that does not hear a dead agent.
package struct MortalHypervisor: Hypervisor {
    private let hypervisor: any Hypervisor
    private let power: PowerSwitch

    package init(_ hypervisor: any Hypervisor, _ power: PowerSwitch) {
        self.hypervisor = hypervisor
        self.power = power
    }

    package func domains() async throws(Problem) -> [Domain] {
        try await power.requirePower()
        return try await hypervisor.domains()
    }

    package func define(_ spec: GuestSpec) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.define(spec) }
    }

    package func undefine(_ name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.undefine(name) }
    }

    package func plug(
        _ devices: [DeviceKey], into name: String, guestReset: [DeviceKey: GuestReset]
    ) async throws(Problem) {
        try await changing { () async throws(Problem) in
            try await hypervisor.plug(devices, into: name, guestReset: guestReset)
        }
    }

    package func unplug(_ devices: [DeviceKey], from name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.unplug(devices, from: name) }
    }

    package func attach(_ device: DeviceKey, to name: String, guestReset: GuestReset?) async throws(Problem) {
        try await changing { () async throws(Problem) in
            try await hypervisor.attach(device, to: name, guestReset: guestReset)
        }
    }

    package func detach(_ device: DeviceKey, from name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.detach(device, from: name) }
    }

    package func seat(_ name: String, on seat: GuestSeat, devices: [[PCIAddress]]) async throws(Problem) {
        try await changing { () async throws(Problem) in
            try await hypervisor.seat(name, on: seat, devices: devices)
        }
    }

    package func unseat(_ name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.unseat(name) }
    }

    package func start(_ name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.start(name) }
    }

    package func reset(_ name: String) async throws(Problem) {
        try await changing { () async throws(Problem) in try await hypervisor.reset(name) }
    }

    package func stop(_ name: String, timeoutSeconds: Int, force: Bool) async throws(Problem) {
        try await changing { () async throws(Problem) in
            try await hypervisor.stop(name, timeoutSeconds: timeoutSeconds, force: force)
        }
    }

    package func definition(of name: String) async throws(Problem) -> String {
        try await hypervisor.definition(of: name)
    }

    package func changes() -> AsyncStream<Void> { hypervisor.changes() }

    package func consoleLog(of name: String) async throws(Problem) -> [UInt8] {
        try await hypervisor.consoleLog(of: name)
    }

    package func openConsole(of name: String) async throws(Problem) -> any ConsoleChannel {
        try await hypervisor.openConsole(of: name)
    }

    private func changing(_ body: () async throws(Problem) -> Void) async throws(Problem) {
        try await power.requirePower()
        try await body()
        try await power.didWrite()
    }
}
