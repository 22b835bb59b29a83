import PatchbayCore

/// What can be asked about hosts and their devices without changing anything: of a server, or of a recorded machine.
package protocol InventoryService: Sendable {
    func hosts() async throws(Problem) -> [API.Host]
    func host(_ name: String) async throws(Problem) -> API.Host
    /// What the host tells beside its PCI devices: platform, USB, mediated devices, who holds what.
    func survey(host: String) async throws(Problem) -> API.Survey
    /// One USB device by its port: `1-3.1`.
    func usbDevice(_ name: String, host: String) async throws(Problem) -> API.USBDevice
    func devices(_ query: API.DeviceQuery) async throws(Problem) -> [API.Device]
    /// The only answer with `details`.
    func device(_ name: String) async throws(Problem) -> API.Device
    func groups(host: String?) async throws(Problem) -> [API.Group]
    func group(_ number: Int, host: String) async throws(Problem) -> API.Group
}

/// Everything that can be asked of Patchbay. The server answers it from its store, the client over HTTP;
/// the web pages use the first, the CLI the second, so no door can do more than another.
///
/// Names of devices may be short while they are unique (`41:00.0`). Mutations with `dryRun` change nothing.
package protocol PatchbayService: InventoryService {
    func status() async throws(Problem) -> API.Status
    /// Asks the host's agent to read everything again; returns when the new inventory is in.
    func refreshHost(_ name: String) async throws(Problem) -> API.Host
    /// What stands in the way of lending the host's devices, and the way to put it right there.
    func examineHost(_ name: String) async throws(Problem) -> API.DoctorReport
    /// Labels, pinning, cordoning: what an operator says of a host.
    func editHost(_ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool) async throws(Problem) -> API.Change

    /// Forgets a host whose agent is gone. With claims or VMs of it only where `host-lost` is allowed.
    func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change
    /// Hears the agent that was refused last in place of the one that is known by the host's name.
    func acceptHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change

    /// Binds devices to vfio-pci and leaves them there. They must be in a pool.
    func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change
    /// Gives prepared devices back to the drivers they had.
    func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change
    /// Devices for one use were cleaned: they may be lent again.
    func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change
    /// What is stored under a key and cannot be read is dropped, or written again where it follows from others.
    func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change

    func pools() async throws(Problem) -> [API.Pool]
    func pool(_ name: String) async throws(Problem) -> API.Pool
    func createPool(_ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change
    /// `revision`: fails with `.changedMeanwhile` when the pool is another by now.
    func editPool(_ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool) async throws(Problem)
        -> API.Change
    func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change
    func previewRules(_ request: API.RulePreviewRequest) async throws(Problem) -> API.RulePreview
    func makePassthrough(_ request: API.PassthroughRequest, dryRun: Bool) async throws(Problem) -> API.Change

    /// Puts pools and profiles in force: all of them, or nothing when one is wrong or an expectation does not hold.
    func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) async throws(Problem) -> API.Change
    func profiles() async throws(Problem) -> [API.Profile]
    func profile(_ name: String) async throws(Problem) -> API.Profile
    func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change

    func vms() async throws(Problem) -> [API.VM]
    func vm(_ name: String) async throws(Problem) -> API.VM
    func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change
    func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change
    func attach(_ request: API.AttachRequest, to vm: String, dryRun: Bool) async throws(Problem) -> API.Change
    func detach(_ request: API.DetachRequest, from vm: String, dryRun: Bool) async throws(Problem) -> API.Change
    func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change
    func stopVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) async throws(Problem) -> API.Change
    func restartVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) async throws(Problem) -> API.Change
    /// Presses the reset button of a running VM.
    func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change
    /// A person has seen to it that a VM of a lost host is off; its claim ends.
    func confirmOff(_ name: String, _ statement: API.Statement, dryRun: Bool) async throws(Problem) -> API.Change
    /// The libvirt definition, for `vm show -o xml`.
    func vmDefinition(_ name: String) async throws(Problem) -> String
    /// What the guest's serial console printed since the last start.
    func consoleLog(_ name: String) async throws(Problem) -> [UInt8]
    /// Opens the serial console: what the guest prints, and a way to type.
    func openConsole(_ name: String) async throws(Problem) -> API.Console

    /// By age, the oldest first.
    func claims(_ query: API.ClaimQuery) async throws(Problem) -> [API.Claim]
    func claim(_ id: String) async throws(Problem) -> API.Claim
    /// Placed at once on any host that fits; where nothing does, refused, or queued when it waits.
    func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) async throws(Problem) -> API.Change
    func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change
    func renewClaim(_ id: String, _ request: API.RenewRequest, dryRun: Bool) async throws(Problem) -> API.Change
    /// How a claim would be served; changes nothing.
    func explain(_ draft: API.ClaimDraft) async throws(Problem) -> API.Explanation
    func explainClaim(_ id: String) async throws(Problem) -> API.Explanation
    func explainVM(_ name: String) async throws(Problem) -> API.Explanation
    /// What would become of everybody if things were otherwise; changes nothing.
    func whatIf(_ question: API.WhatIf) async throws(Problem) -> API.Outlook

    /// Newest first.
    func plans(host: String?) async throws(Problem) -> [API.Plan]
    func plan(_ id: String) async throws(Problem) -> API.Plan
    /// Makes and queues the plan that takes this one back.
    func undoPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change
    /// Withdraws a plan that waits; stops and takes back one that is under way.
    func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change
    /// Asks again for what a plan that did not end well was to do.
    func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change
    /// A person has looked after what a stuck plan left behind: things are taken as they are now.
    func resolvePlan(_ id: String, _ statement: API.Statement, dryRun: Bool) async throws(Problem) -> API.Change

    /// The audit log, newest first, at most `limit`.
    func events(limit: Int) async throws(Problem) -> [API.Event]
    /// Every event after `id` (nil: from now), until cancelled. A `resync` event says that some are gone for good.
    func eventStream(after id: Int?) async throws(Problem) -> AsyncThrowingStream<API.Event, any Error>
}

extension API {
    package struct Console: Sendable {
        package var output: AsyncThrowingStream<[UInt8], any Error>
        package var send: @Sendable ([UInt8]) async throws(PatchbayCore.Problem) -> Void
        package var close: @Sendable () async -> Void
        package init(
            output: AsyncThrowingStream<[UInt8], any Error>,
            send: @escaping @Sendable ([UInt8]) async throws(PatchbayCore.Problem) -> Void,
            close: @escaping @Sendable () async -> Void
        ) {
            self.output = output
            self.send = send
            self.close = close
        }
    }
}
