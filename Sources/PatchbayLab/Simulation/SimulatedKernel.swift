import PatchbayCore
import PatchbayHost

/// A kernel in memory over an inventory: attribute writes move drivers and fail as Linux does.
///
/// Follows what a real 6.1 kernel was seen to do: `drivers_probe` says yes whether or not a driver took the device;
/// unbinding from the wrong driver is `ENODEV`; an override counts at the next probe only; unbinding a device that
/// somebody holds blocks, with the driver link gone already and the device locked (`drivers/base/dd.c`); a host driver
/// does not get a device whose group mate is open through VFIO; vfio-pci takes no bridge, no device outside a group and
/// no PF that has virtual functions. Time is not simulated: what would hang times out at once.
package actor SimulatedKernel: Kernel {
    /// Which ids a driver takes without an override, as its module's id table says.
    package typealias IDTables = [String: Set<PCIID>]

    var state: Inventory
    let tables: IDTables
    /// Drivers with a directory below `/sys/bus/pci/drivers`.
    var drivers: Set<String>
    var holders: [DeviceKey: Set<String>] = [:]
    /// Programs of the host that have nodes of a device open.
    var programs: [DeviceKey: [DeviceHolder]] = [:]
    /// Writes that hang on a device, in the order they came. The first one has its lock.
    var hanging: [DeviceKey: [PendingWrite]] = [:]
    var faults: [Int: SimulatedFault] = [:]
    let broadcast = ChangeBroadcast<HostChange>()
    /// Attribute writes so far, the failed ones too.
    package internal(set) var writeCount = 0

    /// - Parameter tables: nil: every driver bound in the inventory takes the ids it is bound to there.
    package init(_ inventory: Inventory, tables: IDTables? = nil) {
        state = inventory
        self.tables = tables ?? Self.tables(of: inventory)
        drivers = Set(self.tables.keys).union(inventory.functions.compactMap(\.driver))
            .union(inventory.usb.flatMap { $0.interfaces.compactMap(\.driver) })
        if inventory.readiness.vfioLoaded { drivers.insert(PCIFunction.vfioDriver) }
    }

    private static func tables(of inventory: Inventory) -> IDTables {
        inventory.functions.reduce(into: [:]) { tables, function in
            guard let driver = function.driver, !PCIFunction.isVFIO(driver) else { return }
            tables[driver, default: []].insert(function.id)
        }
    }

    package func inventory() async throws(Problem) -> Inventory { state }

    package func driverState(of address: PCIAddress) async throws(Problem) -> DriverState? {
        state[address].map { DriverState(driver: $0.driver, override: $0.driverOverride) }
    }

    package func driverState(of interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState? {
        state.interface(interface).map { InterfaceState(driver: $0.driver) }
    }

    package func silence(of address: PCIAddress) async throws(Problem) -> Silence? { state[address]?.silence }

    package func programs(holding devices: Set<DeviceKey>) async throws(Problem) -> OpenNodes {
        OpenNodes(programs.filter { devices.contains($0.key) && !$0.value.isEmpty })
    }

    package func loadModule(_ name: String) async throws(Problem) {
        guard name != PCIFunction.vfioDriver || state.readiness.vfioAvailable != false else {
            throw Problem(
                .noVFIO, "Module \(name) is not there for this kernel.", cause: "modprobe: FATAL: Module not found")
        }
        drivers.insert(name)
        if name == PCIFunction.vfioDriver { state.readiness.vfioLoaded = true }
    }

    package nonisolated func changes() -> AsyncStream<HostChange> { broadcast.stream() }

    package func write(
        _ text: String, to attribute: KernelAttribute, deadlineSeconds: Int
    ) async throws(Problem) {
        writeCount += 1
        let write = PendingWrite(text: text, attribute: attribute)
        if let device = try? target(of: write), hanging[device] != nil {
            throw hang(write, on: device, deadlineSeconds)
        }
        switch faults.removeValue(forKey: writeCount) {
        case .refuse(let errno)?: throw Self.refused(write, errno)
        case .refuseAfterwards(let errno)?:
            try perform(write)
            throw Self.refused(write, errno)
        case .swallow?: return
        case .hang?: throw hang(write, on: try target(of: write), deadlineSeconds)
        case nil: break
        }
        let device = try target(of: write)
        if isHeld(write, device) { throw hang(write, on: device, deadlineSeconds) }
        try perform(write)
    }

    /// Unbinding waits for whoever has the device open through VFIO.
    private func isHeld(_ write: PendingWrite, _ device: DeviceKey) -> Bool {
        guard case .unbind(let driver) = write.attribute else { return false }
        return device.pci.flatMap { state[$0] }?.driver == driver && holders[device]?.isEmpty == false
    }

    private func hang(_ write: PendingWrite, on device: DeviceKey, _ seconds: Int) -> Problem {
        hanging[device, default: []].append(write)
        if case .unbind = write.attribute, let address = device.pci { update(address) { $0.driver = nil } }
        return Problem(
            .timedOut, "The kernel did not come back from a write within \(seconds) s.",
            evidence: ["\(write.attribute) ← \(write.text)"]
                + (holders[device] ?? []).sorted().map { "held by \($0)" },
            next: [NextStep("See who holds the device", .showDevice(device.short))])
    }

    func update(_ address: PCIAddress, _ change: (inout PCIFunction) -> Void) {
        guard let index = state.index(of: address) else { return }
        let before = state.functions[index]
        change(&state.functions[index])
        if state.functions[index] != before { broadcast.send() }
    }

    func update(_ interface: USBInterfaceAddress, _ driver: String?) {
        guard let index = state.index(of: interface.device),
            let number = state.usb[index].interfaces.firstIndex(where: { $0.number == interface.number }),
            state.usb[index].interfaces[number].driver != driver
        else { return }
        state.usb[index].interfaces[number].driver = driver
        broadcast.send()
    }

    static func refused(_ write: PendingWrite, _ errno: String) -> Problem {
        Problem(
            .kernelRefused, "The kernel refused a write to \(write.attribute).",
            next: ["Read the kernel log:  journalctl -k --since -5min"], cause: errno)
    }
}

/// One `write(2)` to an attribute.
struct PendingWrite: Sendable {
    var text: String
    var attribute: KernelAttribute
}

/// How a write goes wrong on purpose.
package enum SimulatedFault: Hashable, Sendable {
    /// Fails with this errno, and nothing happened.
    case refuse(String)
    /// Happens, and fails with this errno all the same.
    case refuseAfterwards(String)
    /// Says yes, and nothing happened.
    case swallow
    /// Does not come back; the device is locked until `letGo`.
    case hang
}
