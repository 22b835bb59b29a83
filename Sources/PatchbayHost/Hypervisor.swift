import PatchbayCore

/// The guests of one host. libvirt's, or the simulated one of the lab; one contract suite for both.
package protocol Hypervisor: Sendable {
    func domains() async throws(Problem) -> [Domain]
    /// Defines a managed VM with no devices. Throws `.alreadyExists`.
    func define(_ spec: GuestSpec) async throws(Problem)
    /// Removes the definition of a stopped VM. Throws `.unknownVM`, `.wrongState`.
    func undefine(_ name: String) async throws(Problem)
    /// Adds host devices to the persistent definition; devices already there are left as they are.
    /// `guestReset`: of those USB devices of which something is said.
    func plug(_ devices: [DeviceKey], into name: String, guestReset: [DeviceKey: GuestReset]) async throws(Problem)
    /// Removes host devices from the persistent definition; devices not there are no error.
    func unplug(_ devices: [DeviceKey], from name: String) async throws(Problem)
    /// Plugs a host device into a running VM, and says so when the guest has it; nothing when it has it already. Its definition
    /// stays as it is. Throws `.wrongState` when it is off, `.hypervisorRefused` when it has no port for it.
    func attach(_ device: DeviceKey, to name: String, guestReset: GuestReset?) async throws(Problem)
    /// Pulls it out again, and waits until it is out; no error where it is not in. Also of a device that is gone from the host.
    func detach(_ device: DeviceKey, from name: String) async throws(Problem)
    /// Ties the CPUs and memory of a managed VM in its persistent definition, in place of what it was tied to before.
    /// `devices`: functions of the definition by the cell that they are near to; empty: nothing is said of them.
    func seat(_ name: String, on seat: GuestSeat, devices: [[PCIAddress]]) async throws(Problem)
    /// Lets it float; no error where it does.
    func unseat(_ name: String) async throws(Problem)
    /// Nothing when it runs already.
    func start(_ name: String) async throws(Problem)
    /// Asks the guest to power off and waits; throws `.stillRunning` when it has not by then. `force`: it is ended at once.
    /// Presses the reset button of a running VM: the guest is not asked. Throws `.wrongState` when it is off.
    func reset(_ name: String) async throws(Problem)
    /// Nothing when it is off already.
    func stop(_ name: String, timeoutSeconds: Int, force: Bool) async throws(Problem)
    /// The persistent definition as the hypervisor writes it (libvirt: domain XML).
    func definition(of name: String) async throws(Problem) -> String
    /// An element whenever a domain was defined, started, stopped or removed. Ends with the connection.
    func changes() -> AsyncStream<Void>
    /// Everything the guest's serial console printed since it was last started.
    func consoleLog(of name: String) async throws(Problem) -> [UInt8]
    /// Opens the serial console of a running VM. Throws `.wrongState` when it is off, `.busy` when somebody has it open.
    func openConsole(of name: String) async throws(Problem) -> any ConsoleChannel
}

extension Problem {
    /// The guest was asked to power off and has not.
    package static func stillRunning(_ vm: String, afterSeconds seconds: Int) -> Problem {
        Problem(
            .stillRunning, "\(vm) was asked to power off and is still running after \(seconds) s.",
            evidence: ["it was not forced: it may still power off"],
            next: [
                NextStep("Shut it down from inside, or see its console", .openConsole(vm)),
                NextStep("Give it longer", .stopVMPatiently(vm)),
                NextStep("Power it off at once; unsaved data is lost", .powerOffVM(vm)),
            ])
    }
}

/// An open serial console.
package protocol ConsoleChannel: Sendable {
    /// What the guest prints; ends when the guest stops or `close` is called.
    var output: AsyncStream<[UInt8]> { get }
    func send(_ bytes: [UInt8]) async throws(Problem)
    func close() async
}
