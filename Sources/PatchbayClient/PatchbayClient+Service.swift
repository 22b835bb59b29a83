import PatchbayAPI
import PatchbayCore

/// Each method is its endpoint, with what goes into path, query and body.
extension PatchbayClient: PatchbayService {
    package func status() async throws(Problem) -> API.Status { try await ask(Endpoints.hosts.status) }

    // MARK: Hosts

    package func hosts() async throws(Problem) -> [API.Host] { try await list(Endpoints.hosts.hosts) }
    package func host(_ name: String) async throws(Problem) -> API.Host { try await ask(Endpoints.hosts.host, name) }
    package func survey(host: String) async throws(Problem) -> API.Survey {
        try await ask(Endpoints.hosts.survey, host)
    }
    package func usbDevice(_ name: String, host: String) async throws(Problem) -> API.USBDevice {
        try await ask(Endpoints.hosts.usbDevice, host, name)
    }
    package func refreshHost(_ name: String) async throws(Problem) -> API.Host {
        try await ask(Endpoints.hosts.refreshHost, name)
    }
    package func examineHost(_ name: String) async throws(Problem) -> API.DoctorReport {
        try await ask(Endpoints.hosts.examineHost, name)
    }
    package func editHost(
        _ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.hosts.editHost, name, body: draft, dryRun: dryRun)
    }
    package func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.hosts.removeHost, name, dryRun: dryRun)
    }
    package func acceptHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.hosts.acceptHost, name, dryRun: dryRun)
    }
    package func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.hosts.dropStored, body: API.StoredKey(key: key), dryRun: dryRun)
    }

    // MARK: Devices

    package func devices(_ query: API.DeviceQuery) async throws(Problem) -> [API.Device] {
        try await list(
            Endpoints.devices.devices,
            query: [
                Query.kind(query.kind), Query.host(query.host), Query.filter(query.filter), Query.sort(query.sort),
            ])
    }
    /// By its full name, or by an address that only one host has.
    package func device(_ name: String) async throws(Problem) -> API.Device {
        guard let slash = name.firstIndex(of: "/") else {
            return try await ask(Endpoints.devices.deviceByShortName, name)
        }
        return try await ask(
            Endpoints.devices.device, String(name[..<slash]), String(name[name.index(after: slash)...]))
    }
    package func groups(host: String?) async throws(Problem) -> [API.Group] {
        try await list(Endpoints.devices.groups, query: [Query.host(host)])
    }
    package func group(_ number: Int, host: String) async throws(Problem) -> API.Group {
        try await ask(Endpoints.devices.group, host, String(number))
    }
    package func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.devices.prepareDevices, body: API.DeviceNames(devices: names), dryRun: dryRun)
    }
    package func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.devices.releaseDevices, body: API.DeviceNames(devices: names), dryRun: dryRun)
    }
    package func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.devices.returnDevices, body: API.DeviceNames(devices: names), dryRun: dryRun)
    }
    package func makePassthrough(
        _ request: API.PassthroughRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.devices.makePassthrough, body: request, dryRun: dryRun)
    }

    // MARK: Pools and profiles

    package func pools() async throws(Problem) -> [API.Pool] { try await list(Endpoints.pools.pools) }
    package func pool(_ name: String) async throws(Problem) -> API.Pool { try await ask(Endpoints.pools.pool, name) }
    package func createPool(_ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.pools.createPool, body: draft, dryRun: dryRun)
    }
    package func editPool(
        _ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.pools.editPool, name, body: draft, revision: revision, dryRun: dryRun)
    }
    package func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.pools.deletePool, name, dryRun: dryRun)
    }
    package func previewRules(_ request: API.RulePreviewRequest) async throws(Problem) -> API.RulePreview {
        try await ask(Endpoints.pools.previewRules, body: request)
    }
    package func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.pools.applyPolicy, body: draft, dryRun: dryRun)
    }
    package func profiles() async throws(Problem) -> [API.Profile] { try await list(Endpoints.pools.profiles) }
    package func profile(_ name: String) async throws(Problem) -> API.Profile {
        try await ask(Endpoints.pools.profile, name)
    }
    package func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.pools.deleteProfile, name, dryRun: dryRun)
    }

    // MARK: VMs

    package func vms() async throws(Problem) -> [API.VM] { try await list(Endpoints.vms.vms) }
    package func vm(_ name: String) async throws(Problem) -> API.VM { try await ask(Endpoints.vms.vm, name) }
    package func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.createVM, body: draft, dryRun: dryRun)
    }
    package func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.deleteVM, name, dryRun: dryRun)
    }
    package func attach(
        _ request: API.AttachRequest, to vm: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.attach, vm, body: request, dryRun: dryRun)
    }
    package func detach(
        _ request: API.DetachRequest, from vm: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.detach, vm, body: request, dryRun: dryRun)
    }
    package func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.startVM, name, dryRun: dryRun)
    }
    package func stopVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.stopVM, name, body: request, dryRun: dryRun)
    }
    package func restartVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.restartVM, name, body: request, dryRun: dryRun)
    }
    package func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.resetVM, name, dryRun: dryRun)
    }
    package func confirmOff(
        _ name: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.vms.confirmOff, name, body: statement, dryRun: dryRun)
    }
    package func explainVM(_ name: String) async throws(Problem) -> API.Explanation {
        try await ask(Endpoints.vms.explainVM, name)
    }
    package func vmDefinition(_ name: String) async throws(Problem) -> String {
        try await ask(Endpoints.vms.definition, name)
    }
    package func consoleLog(_ name: String) async throws(Problem) -> [UInt8] {
        try await ask(Endpoints.vms.consoleLog, name)
    }

    // MARK: Claims

    package func claims(_ query: API.ClaimQuery) async throws(Problem) -> [API.Claim] {
        try await list(
            Endpoints.claims.claims,
            query: [Query.phase(query.phase), Query.owner(query.owner), Query.tenant(query.tenant)])
    }
    package func claim(_ id: String) async throws(Problem) -> API.Claim { try await ask(Endpoints.claims.claim, id) }
    package func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.claims.createClaim, body: draft, dryRun: dryRun)
    }
    package func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.claims.releaseClaim, id, dryRun: dryRun)
    }
    package func renewClaim(
        _ id: String, _ request: API.RenewRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.claims.renewClaim, id, body: request, dryRun: dryRun)
    }
    package func explain(_ draft: API.ClaimDraft) async throws(Problem) -> API.Explanation {
        try await ask(Endpoints.claims.explainDraft, body: draft)
    }
    package func explainClaim(_ id: String) async throws(Problem) -> API.Explanation {
        try await ask(Endpoints.claims.explainClaim, id)
    }
    package func whatIf(_ question: API.WhatIf) async throws(Problem) -> API.Outlook {
        try await ask(Endpoints.claims.whatIf, body: question)
    }

    // MARK: Plans

    package func plans(host: String?) async throws(Problem) -> [API.Plan] {
        try await list(Endpoints.plans.plans, query: [Query.host(host)])
    }
    package func plan(_ id: String) async throws(Problem) -> API.Plan { try await ask(Endpoints.plans.plan, id) }
    package func undoPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.plans.undoPlan, id, dryRun: dryRun)
    }
    package func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.plans.cancelPlan, id, dryRun: dryRun)
    }
    package func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await change(Endpoints.plans.retryPlan, id, dryRun: dryRun)
    }
    package func resolvePlan(
        _ id: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await change(Endpoints.plans.resolvePlan, id, body: statement, dryRun: dryRun)
    }
}
