import PatchbayAPI
import PatchbayCore

/// A service over fixed values. Changes are remembered as words and alter nothing, so every test starts alike; only a
/// claim that is made can be looked at.
actor DemoService: PatchbayService {
    private(set) var world: Demo
    private var listeners: [AsyncThrowingStream<API.Event, any Error>.Continuation] = []
    /// `attach trainer-01`, for every change that was not only tried.
    private(set) var done: [String] = []
    /// Who the last change was made for.
    private(set) var lastCaller = ""
    private(set) var drafts: [API.PoolDraft] = []
    private(set) var attachments: [API.AttachRequest] = []
    private(set) var passthroughs: [API.PassthroughRequest] = []
    private(set) var claimDrafts: [API.ClaimDraft] = []
    private(set) var vmDrafts: [API.VMDraft] = []
    private(set) var renewals: [API.RenewRequest] = []
    private(set) var hostDrafts: [API.HostSettingsDraft] = []
    /// What was asked where it would go.
    private(set) var explained: [API.ClaimDraft] = []
    /// What was asked of a fleet that is not there.
    private(set) var scenario: [API.WhatIf] = []
    /// How often rules were tried.
    private(set) var previews = 0
    /// Refuses every change with this.
    var refusal: Problem?
    /// Part of every plan's title: changing it is what a changed world looks like.
    var basis = ""

    init(_ world: Demo) { self.world = world }

    func refuse(_ problem: Problem?) { refusal = problem }
    func move() { basis = " (anew)" }

    /// The world becomes another, and everybody who listens is told.
    func become(_ world: Demo, _ event: API.Event) {
        self.world = world
        for listener in listeners { listener.yield(event) }
    }

    private func change(_ words: String, _ message: String, dryRun: Bool, plan: Bool = true) throws(Problem)
        -> API.Change
    {
        if let refusal { throw refusal }
        if !dryRun {
            done.append(words)
            lastCaller = Caller.current
        }
        var change = Wire.value(
            API.Change.self,
            [
                "dryRun": dryRun, "message": message, "subject": words, "plans": [Any](), "findings": [Any](),
            ])
        if plan {
            change.plans = [
                Wire.plan("p-9001", message + basis, phase: dryRun ? "planned" : "queued", steps: DemoPlans.attachSteps)
            ]
        }
        return change
    }

    func status() async throws(Problem) -> API.Status {
        var status = Wire.value(
            API.Status.self,
            [
                "version": "0.1.0", "hosts": [Any](), "deviceCounts": [String: Int](), "vmCounts": [String: Int](),
                "findings": [Any](), "revision": 41,
            ])
        status.hosts = world.hosts
        status.findings = world.findings
        return status
    }
    func hosts() async throws(Problem) -> [API.Host] { world.hosts }
    func host(_ name: String) async throws(Problem) -> API.Host {
        try Self.found(world.hosts.first { $0.name == name }, .unknownHost, "host", name)
    }
    func survey(host: String) async throws(Problem) -> API.Survey {
        _ = try await self.host(host)
        return world.surveys[host] ?? Wire.survey(.bare(host))
    }
    func usbDevice(_ name: String, host: String) async throws(Problem) -> API.USBDevice {
        let survey = try await survey(host: host)
        return try Self.found(survey.usb.first { $0.name == name }, .unknownDevice, "usb", name)
    }
    func refreshHost(_ name: String) async throws(Problem) -> API.Host {
        if let refusal { throw refusal }
        return try await host(name)
    }
    private static let checks = [
        DoctorCheck("iommu", "IOMMU", .pass, "The IOMMU is on.", evidence: ["61 groups"]),
        DoctorCheck(
            "interrupt-remapping", "Interrupt remapping", .warning,
            "Interrupt remapping is off: a guest with a device could forge interrupts.",
            evidence: ["no chip in /proc/interrupts begins with IR-"],
            fix: ["Add intremap=on to GRUB_CMDLINE_LINUX in /etc/default/grub", "update-grub && reboot"]),
    ]
    func examineHost(_ name: String) async throws(Problem) -> API.DoctorReport {
        let host = try await host(name)
        return API.DoctorReport(DoctorReport(host: host.name, headline: "This host is ready.", checks: Self.checks))
    }

    private static func found<Value>(_ value: Value?, _ code: ProblemCode, _ kind: String, _ name: String)
        throws(Problem) -> Value
    {
        guard let value else {
            throw Problem(code, "There is no \(kind) \"\(name)\".", next: ["List them:  patchbay \(kind) list"])
        }
        return value
    }

    func devices(_ query: API.DeviceQuery) async throws(Problem) -> [API.Device] {
        var result = world.devices.filter {
            $0.kind == (query.kind ?? .pci) && (query.host == nil || $0.host == query.host)
        }
        for condition in (query.filter ?? "").split(separator: " ") {
            let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw Problem(
                    .malformedRule, "\"\(condition)\" is no condition.",
                    next: ["Write FIELD=VALUE, for example state=free."])
            }
            result = result.filter { device in
                switch parts[0] {
                case "state": device.state.rawValue == parts[1]
                case "group": device.iommuGroup.map(String.init) == parts[1]
                case "vendor": device.vendorID == parts[1]
                case "host": device.host == parts[1]
                case "pool": device.pools.contains(parts[1])
                default: device.name.contains(parts[1])
                }
            }
        }
        switch query.sort {
        case "group": result.sort { ($0.iommuGroup ?? .max, $0.address) < ($1.iommuGroup ?? .max, $1.address) }
        case "-group": result.sort { ($0.iommuGroup ?? .max, $0.address) > ($1.iommuGroup ?? .max, $1.address) }
        case "name": result.sort { $0.name < $1.name }
        default: break
        }
        return result
    }
    func device(_ name: String) async throws(Problem) -> API.Device {
        try Self.found(world.devices.first { $0.id == name || $0.shortID == name }, .unknownDevice, "device", name)
    }
    func groups(host: String?) async throws(Problem) -> [API.Group] {
        let numbers = Set(world.devices.filter { $0.host == host }.compactMap(\.iommuGroup)).sorted()
        var groups: [API.Group] = []
        for number in numbers { groups.append(try await group(number, host: host ?? "")) }
        return groups
    }
    func group(_ number: Int, host: String) async throws(Problem) -> API.Group {
        var group = Wire.value(
            API.Group.self, ["host": host, "number": number, "domainType": "DMA-FQ", "members": [Any]()])
        group.members = world.devices.filter { $0.host == host && $0.iommuGroup == number }
        return group
    }
    func prepareDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try change("prepare \(names.joined(separator: " "))", "\(names[0]) goes to vfio-pci.", dryRun: dryRun)
    }
    func dropStored(_ key: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("drop \(key)", "Dropped the value of \(key).", dryRun: dryRun)
    }
    func returnDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try change("return \(names.joined(separator: " "))", "\(names[0]) may be lent again.", dryRun: dryRun)
    }
    func releaseDevices(_ names: [String], dryRun: Bool) async throws(Problem) -> API.Change {
        try change("release \(names.joined(separator: " "))", "\(names[0]) goes back to its driver.", dryRun: dryRun)
    }

    func pools() async throws(Problem) -> [API.Pool] { world.pools }
    func pool(_ name: String) async throws(Problem) -> API.Pool {
        try Self.found(world.pools.first { $0.name == name }, .unknownPool, "pool", name)
    }
    func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("apply policy", "Policy applied.", dryRun: dryRun)
    }
    func profiles() async throws(Problem) -> [API.Profile] { world.profiles }
    func profile(_ name: String) async throws(Problem) -> API.Profile {
        try Self.found(world.profiles.first { $0.name == name }, .unknownProfile, "profile", name)
    }
    func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("delete profile \(name)", "Profile \(name) deleted.", dryRun: dryRun)
    }
    func createPool(_ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        if !dryRun { drafts.append(draft) }
        return try change(
            "create pool \(draft.name ?? "")", "Pool \(draft.name ?? "") is created.", dryRun: dryRun, plan: false)
    }
    func editPool(_ name: String, _ draft: API.PoolDraft, revision: Int?, dryRun: Bool) async throws(Problem)
        -> API.Change
    {
        if let revision, revision != 12 {
            throw Problem(.changedMeanwhile, "Pool \(name) was changed meanwhile.", next: ["Look at it again."])
        }
        if !dryRun { drafts.append(draft) }
        var answer = try change("edit pool \(name)", "Pool \(name) is changed.", dryRun: dryRun, plan: false)
        if let rules = draft.rules {
            let findings = try world.leftOut(of: name, by: rules)
            answer.findings = findings.map { Wire.value(API.Finding.self, $0) }
        }
        return answer
    }
    func deletePool(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("delete pool \(name)", "Pool \(name) is deleted.", dryRun: dryRun, plan: false)
    }
    func previewRules(_ request: API.RulePreviewRequest) async throws(Problem) -> API.RulePreview {
        previews += 1
        let devices = try world.matches(request.rules, request.kind ?? .pci)
        let models = Set(devices.map(\.deviceID))
        let mixed = Wire.finding("pool-mixed", "warning", "pool preview", "The devices differ: \(models.count) models.")
        var preview = Wire.value(
            API.RulePreview.self, ["devices": [Any](), "findings": models.count > 1 ? [mixed] : [Any]()])
        preview.devices = devices
        return preview
    }
    func makePassthrough(_ request: API.PassthroughRequest, dryRun: Bool) async throws(Problem) -> API.Change {
        for name in request.devices where try await device(name).state == .host {
            let use = try await device(name).hostUses
            throw Problem(
                .hostCritical, "\(name) cannot be given away: the host needs it.", evidence: use.map(\.sentence),
                next: ["Choose another device."])
        }
        if !dryRun { passthroughs.append(request) }
        var answer = try change(
            "passthrough \(request.devices.joined(separator: " ")) \(request.pool)",
            "\(request.devices.count) rule\(request.devices.count == 1 ? "" : "s") for pool \(request.pool).",
            dryRun: dryRun, plan: false)
        for name in request.devices {
            let device = try await device(name)
            guard let driver = device.driver, driver != "vfio-pci" else { continue }
            let sentence = "\(device.shortID) disappears from the host: \(driver) is unloaded from it."
            let finding = Wire.finding("leaves-host", "warning", device.id, sentence)
            answer.findings.append(Wire.value(API.Finding.self, finding))
        }
        return answer
    }

    func vms() async throws(Problem) -> [API.VM] { world.vms }
    func vm(_ name: String) async throws(Problem) -> API.VM {
        try Self.found(world.vms.first { $0.name == name }, .unknownVM, "vm", name)
    }
    func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        if !dryRun { vmDrafts.append(draft) }
        return try change("create vm \(draft.name)", "VM \(draft.name) is created.", dryRun: dryRun)
    }
    func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("delete vm \(name)", "VM \(name) is deleted.", dryRun: dryRun)
    }
    func attach(_ request: API.AttachRequest, to vm: String, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await self.vm(vm)
        if !dryRun { attachments.append(request) }
        return try change("attach \(vm)", "\(vm) gets a device at its next start.", dryRun: dryRun, plan: dryRun)
    }
    func detach(_ request: API.DetachRequest, from vm: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change(
            "detach \(request.request ?? request.device ?? "") \(vm)", "\(vm) loses a device.", dryRun: dryRun,
            plan: false)
    }
    func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("start \(name)", "\(name) starts.", dryRun: dryRun)
    }
    func stopVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("stop \(name)\(request.force == true ? " by force" : "")", "\(name) stops.", dryRun: dryRun)
    }
    func restartVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("restart \(name)", "\(name) restarts.", dryRun: dryRun)
    }
    func vmDefinition(_ name: String) async throws(Problem) -> String { "<domain/>" }
    func consoleLog(_ name: String) async throws(Problem) -> [UInt8] {
        Array("[    0.000000] Linux version 6.1.0\n\u{1B}[1m<script>login:\u{1B}[0m \n".utf8)
    }
    func openConsole(_ name: String) async throws(Problem) -> API.Console {
        throw Problem(.wrongState, "There is no console here.")
    }
    func claims(_ query: API.ClaimQuery) async throws(Problem) -> [API.Claim] {
        world.claims.filter { claim in
            (query.phase ?? claim.phase) == claim.phase && (query.owner ?? claim.owner.name) == claim.owner.name
                && (query.tenant == nil || query.tenant == claim.owner.tenant)
        }
    }
    func claim(_ id: String) async throws(Problem) -> API.Claim {
        try Self.found(world.claims.first { $0.id == id }, .unknownClaim, "claim", id)
    }
    func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        if !dryRun {
            claimDrafts.append(draft)
            if var claim = world.claims.last {
                claim.id = draft.id ?? "c-2"
                world.claims.append(claim)
            }
        }
        return try change(
            "create claim \(draft.owner.name)", "\(draft.owner.name) holds a device.", dryRun: dryRun, plan: false)
    }
    func releaseClaim(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await claim(id)
        return try change("release claim \(id)", "Claim \(id) is released.", dryRun: dryRun, plan: false)
    }
    func renewClaim(_ id: String, _ request: API.RenewRequest, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await claim(id)
        if !dryRun { renewals.append(request) }
        return try change("renew claim \(id)", "Claim \(id) lasts longer.", dryRun: dryRun, plan: false)
    }
    func explain(_ draft: API.ClaimDraft) async throws(Problem) -> API.Explanation {
        explained.append(draft)
        return world.explanation(of: draft)
    }
    func explainClaim(_ id: String) async throws(Problem) -> API.Explanation {
        Demo.explanation(of: try await claim(id))
    }
    func explainVM(_ name: String) async throws(Problem) -> API.Explanation {
        _ = try await vm(name)
        return world.explanation
    }
    func whatIf(_ question: API.WhatIf) async throws(Problem) -> API.Outlook {
        scenario.append(question)
        for change in question.changes ?? [] {
            for name in [change.hostGone, change.drain].compactMap(\.self) { _ = try await host(name) }
            for name in [change.deviceGone, change.splitGroup].compactMap(\.self) + (change.joinGroups ?? []) {
                _ = try await device(name)
            }
        }
        for name in (question.guest?.requests ?? []).compactMap(\.pool) + (question.pools ?? []) {
            _ = try await pool(name)
        }
        if let name = question.guest?.profile { _ = try await profile(name) }
        return world.outlook(of: question)
    }
    func editHost(_ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await host(name)
        if !dryRun { hostDrafts.append(draft) }
        return try change("edit host \(name)", "Host \(name) is changed.", dryRun: dryRun, plan: false)
    }
    func plans(host: String?) async throws(Problem) -> [API.Plan] { world.plans }
    func plan(_ id: String) async throws(Problem) -> API.Plan {
        try Self.found(world.plans.first { $0.id == id }, .unknownPlan, "plan", id)
    }
    func cancelPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("cancel \(id)", "Plan \(id) is withdrawn.", dryRun: dryRun)
    }
    func retryPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("retry \(id)", "Plan \(id) is asked for again.", dryRun: dryRun)
    }
    func resolvePlan(_ id: String, _ statement: API.Statement, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("resolve \(id) \(statement.reason)", "Plan \(id) is looked after.", dryRun: dryRun, plan: false)
    }
    func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await vm(name)
        return try change("reset \(name)", "\(name) is reset.", dryRun: dryRun)
    }
    func confirmOff(_ name: String, _ statement: API.Statement, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await vm(name)
        return try change(
            "confirm-off \(name) \(statement.reason)", "\(name) counts as off.", dryRun: dryRun, plan: false)
    }
    func removeHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        _ = try await host(name)
        guard let risk = TakenRisk.current else {
            throw Problem(.hostLost, "The agent of \(name) is not heard of.", evidence: ["VM trainer-01 may still run"])
        }
        return try change("remove \(name) \(risk.reason)", "Host \(name) is removed.", dryRun: dryRun, plan: false)
    }
    func acceptHost(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("accept \(name)", "The other agent is heard.", dryRun: dryRun, plan: false)
    }
    func undoPlan(_ id: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try change("undo \(id)", "Plan \(id) is taken back.", dryRun: dryRun)
    }
    func events(limit: Int) async throws(Problem) -> [API.Event] { Array(world.events.prefix(limit)) }
    func eventStream(after id: Int?) async throws(Problem) -> AsyncThrowingStream<API.Event, any Error> {
        let (stream, continuation) = AsyncThrowingStream<API.Event, any Error>.makeStream()
        listeners.append(continuation)
        return stream
    }
}
