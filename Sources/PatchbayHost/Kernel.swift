import PatchbayCore

/// A kernel attribute that steps write to.
package enum KernelAttribute: Hashable, Sendable {
    /// `/sys/bus/pci/drivers/<driver>/unbind`
    case unbind(driver: String)
    /// `/sys/bus/pci/devices/<address>/driver_override`
    case driverOverride(PCIAddress)
    /// `/sys/bus/pci/drivers_probe`
    case driversProbe
    /// `/sys/bus/usb/drivers/<driver>/unbind`
    case unbindInterface(driver: String)
    /// `/sys/bus/usb/drivers/<driver>/bind`
    case bindInterface(driver: String)
    /// `/sys/bus/usb/drivers_probe`
    case interfacesProbe
}

/// What of a function changes when drivers come and go.
package struct DriverState: Hashable, Sendable {
    package var driver: String?
    package var override: String?
    package init(driver: String?, override: String?) {
        self.driver = driver
        self.override = override
    }
}

/// What of an interface changes when drivers come and go.
package struct InterfaceState: Hashable, Sendable {
    package var driver: String?
    package init(driver: String?) { self.driver = driver }
}

/// The kernel of one host, as far as Patchbay reads and changes it. The real one, or the simulated one of the lab.
package protocol Kernel: Sendable {
    /// Reads the whole host again.
    func inventory() async throws(Problem) -> Inventory
    /// The host after `change`: only what changed is read, the rest counts as it was when this kernel last read it.
    func inventory(after change: HostChange) async throws(Problem) -> Inventory
    /// The host as far as it decides whether these devices may be taken, read now: they, the members of their groups, and why
    /// the host needs those. What else the inventory holds may be older.
    func inventory(deciding devices: Set<DeviceKey>) async throws(Problem) -> Inventory
    /// Reads the whole host again, with everything deep: details, platform, USB, mediated devices, holders.
    func survey() async throws(Problem) -> Inventory
    /// Driver and override of one function now; nil: the function is gone.
    func driverState(of address: PCIAddress) async throws(Problem) -> DriverState?
    /// How a function shows that it does not answer; nil: it does. A sleeping one is woken for it, so it is asked only by a
    /// step that takes the function.
    func silence(of address: PCIAddress) async throws(Problem) -> Silence?
    /// The driver of an interface now; nil: the interface is gone.
    func driverState(of interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState?
    /// Processes that have nodes of these devices open now, or of something below them: one look at the processes.
    func programs(holding devices: Set<DeviceKey>) async throws(Problem) -> OpenNodes
    /// One `write(2)` of `text` and a newline. Throws `.kernelRefused` with the errno's name as cause, `.timedOut` when
    /// the kernel did not come back within `deadlineSeconds` (the write is then still under way and cannot be stopped).
    func write(_ text: String, to attribute: KernelAttribute, deadlineSeconds: Int) async throws(Problem)
    /// `modprobe`; nothing when it is loaded or built in.
    func loadModule(_ name: String) async throws(Problem)
    /// An element whenever devices came, went or changed drivers, something was mounted or a route moved; what comes
    /// within a moment is one. Ends where the kernel tells nothing.
    func changes() -> AsyncStream<HostChange>
}

/// For kernels that are quick to read as a whole.
extension Kernel {
    package func inventory(after change: HostChange) async throws(Problem) -> Inventory { try await inventory() }
    package func inventory(deciding devices: Set<DeviceKey>) async throws(Problem) -> Inventory {
        try await inventory()
    }
    package func survey() async throws(Problem) -> Inventory { try await inventory() }
    package func silence(of address: PCIAddress) async throws(Problem) -> Silence? { nil }
}
