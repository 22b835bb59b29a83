import PatchbayCore

@testable import PatchbayAPI

/// A small fleet that never changes by itself, and a record of what was asked of it.
actor FakeService: PatchbayService {
    /// Mutations that were really meant: `attach pool=a100 to=trainer-02`.
    private(set) var mutations: [String] = []
    /// The requests themselves, of those that forms of the dashboard send, too.
    var sent: [Sent] = []
    /// Policies that were tried or applied.
    var policies: [API.PolicyDraft] = []
    enum Sent: Hashable, Sendable {
        case passthrough(API.PassthroughRequest)
        case create(API.PoolDraft)
        case edit(String, API.PoolDraft)
        case attach(API.AttachRequest, to: String)
        case detach(API.DetachRequest, from: String)
        case settings(API.HostSettingsDraft, of: String)
        case createVM(API.VMDraft)
        case claim(API.ClaimDraft)
        case stop(String, API.PowerRequest)
    }
    /// What was asked of a hypothetical fleet.
    private(set) var questions: [API.WhatIf] = []
    /// What `plan(_:)` answers, one after the other; the last one for ever.
    private var stories: [String: [API.Plan]] = [:]
    private var claimStory: [API.Claim] = []
    private var changes: [API.Change] = []
    private(set) var policyChange: API.Change?
    /// What `vms()` answers, one after the other; then the server is gone. nil: always the same.
    private var vmStory: [[API.VM]]?
    private var refusals: [String: Problem] = [:]
    private var failure: Problem?
    private var streamFails = false
    private var allHosts = Fleet.hosts
    private(set) var allPools = Fleet.pools

    /// Every mutation answers with this, dry or not.
    func answer(with change: API.Change) { changes = [change] }
    func tell(_ story: [API.Plan], of plan: String) { stories[plan] = story }
    /// `claim(_:)` answers with these, one after the other; the last one for ever.
    func tell(_ story: [API.Claim]) { claimStory = story }
    func fail(with problem: Problem) { failure = problem }
    /// `applyPolicy` answers with this, other mutations do not.
    func answerPolicy(with change: API.Change) { policyChange = change }
    func tell(_ story: [[API.VM]]) { vmStory = story }
    /// Fails the mutations that are spelt like this.
    func refuse(_ mutation: String, _ problem: Problem) { refusals[mutation] = problem }
    func breakStream() { streamFails = true }
    func replace(_ host: API.Host) { allHosts = [host] }
    func add(_ pool: API.Pool) { allPools.append(pool) }

    func status() throws(Problem) -> API.Status {
        try check()
        return .init(
            version: "0.1.0", hosts: allHosts, deviceCounts: Fleet.devices.countsByState,
            vmCounts: ["running": 1, "shut-off": 1],
            findings: [
                .init(
                    code: "interrupt-remapping-off", severity: .warning, subject: "atlas",
                    sentence: "Interrupt remapping is off.", next: ["Turn it on in the firmware."])
            ],
            revision: 7)
    }
    func hosts() throws(Problem) -> [API.Host] {
        try check()
        return allHosts
    }
    func host(_ name: String) throws(Problem) -> API.Host {
        try check()
        return try find(name, in: allHosts, by: \.name, .unknownHost, "patchbay host list")
    }
    func survey(host: String) throws(Problem) -> API.Survey {
        _ = try self.host(host)
        return Fleet.survey
    }
    func usbDevice(_ name: String, host: String) throws(Problem) -> API.USBDevice {
        try find(name, in: try survey(host: host).usb, by: \.name, .unknownDevice, "patchbay usb list")
    }
    func refreshHost(_ name: String) throws(Problem) -> API.Host { try host(name) }
    func examineHost(_ name: String) throws(Problem) -> API.DoctorReport {
        _ = try host(name)
        return Fleet.examination(of: name)
    }

    func devices(_ query: API.DeviceQuery) throws(Problem) -> [API.Device] {
        try check()
        if let host = query.host { _ = try self.host(host) }
        return Fleet.devices.filter { $0.kind == query.kind ?? .pci && (query.filter == nil || $0.state == .free) }
    }
    func device(_ name: String) throws(Problem) -> API.Device {
        try check()
        let matches = Fleet.devices.filter {
            [$0.id, $0.shortID, $0.address].contains(name) || $0.shortID.hasSuffix("/" + name)
        }
        guard var device = matches.first else {
            throw Problem(.unknownDevice, "There is no device \"\(name)\".", next: ["See all:  patchbay device list"])
        }
        device.details = Fleet.details[device.address]
        return device
    }
    func groups(host: String?) throws(Problem) -> [API.Group] {
        try check()
        if let host { _ = try self.host(host) }
        return Fleet.groups
    }
    func group(_ number: Int, host: String) throws(Problem) -> API.Group {
        _ = try self.host(host)
        return try find(number, in: Fleet.groups, by: \.number, .unknownGroup, "patchbay group list")
    }
    func prepareDevices(_ names: [String], dryRun: Bool) throws(Problem) -> API.Change {
        for name in names { _ = try device(name) }
        return try mutate("prepare \(names.joined(separator: " "))", dryRun)
    }
    func dropStored(_ key: String, dryRun: Bool) throws(Problem) -> API.Change { try mutate("drop \(key)", dryRun) }
    func returnDevices(_ names: [String], dryRun: Bool) throws(Problem) -> API.Change {
        for name in names { _ = try device(name) }
        return try mutate("return \(names.joined(separator: " "))", dryRun)
    }
    func releaseDevices(_ names: [String], dryRun: Bool) throws(Problem) -> API.Change {
        for name in names { _ = try device(name) }
        return try mutate("release \(names.joined(separator: " "))", dryRun)
    }

    func vms() throws(Problem) -> [API.VM] {
        try check()
        if let vms = vmStory?.first {
            vmStory?.removeFirst()
            return vms
        }
        if vmStory != nil { throw Problem(.serverUnreachable, "Cannot reach the server.", next: ["Start it."]) }
        return Fleet.vms
    }
    func vm(_ name: String) throws(Problem) -> API.VM {
        try check()
        return try find(name, in: Fleet.vms, by: \.name, .unknownVM, "patchbay vm list")
    }
    func createVM(_ draft: API.VMDraft, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.createVM(draft))
        let seat = [draft.pin?.rawValue, draft.hugepages, draft.cells.map { "cells=\($0)" }].compactMap(\.self)
        let size = "cpus=\(words(draft.vcpus)) memory=\(words(draft.memoryMiB))"
        let profile = draft.profile.map { ["profile=\($0)"] } ?? []
        return try mutate((["create vm \(draft.name) \(size)"] + seat + profile).joined(separator: " "), dryRun)
    }
    func deleteVM(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try vm(name)
        return try mutate("delete vm \(name)", dryRun)
    }
    func attach(_ request: API.AttachRequest, to vm: String, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.attach(request, to: vm))
        _ = try self.vm(vm)
        if let device = request.device { _ = try self.device(device) }
        if let pool = request.pool { _ = try self.pool(pool) }
        let what = request.device.map { "device=\($0)" } ?? "pool=\(request.pool ?? "-")"
        return try mutate("attach \(what) count=\(request.count ?? 1)\(Self.qualities(request)) to=\(vm)", dryRun)
    }
    func detach(_ request: API.DetachRequest, from vm: String, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.detach(request, from: vm))
        _ = try self.vm(vm)
        let what = [
            request.request.map { "request=\($0)" }, request.pool.map { "pool=\($0)" },
            request.device.map { "device=\($0)" }, request.count.map { "count=\($0)" },
        ].compactMap { $0 }.joined(separator: " ")
        if request.pool != nil { _ = try pool(request.pool ?? "") }
        return try mutate("detach \(what) from=\(vm)", dryRun)
    }
    func startVM(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try vm(name)
        return try mutate("start \(name)", dryRun)
    }
    func stopVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.stop(name, request))
        _ = try vm(name)
        return try mutate(
            "stop \(name) force=\(request.force ?? false) timeout=\(request.timeoutSeconds ?? 60)", dryRun)
    }
    func restartVM(_ name: String, _ request: API.PowerRequest, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try vm(name)
        return try mutate("restart \(name)", dryRun)
    }
    func vmDefinition(_ name: String) throws(Problem) -> String {
        _ = try vm(name)
        return "<domain><name>\(name)</name></domain>"
    }
    func consoleLog(_ name: String) throws(Problem) -> [UInt8] {
        _ = try vm(name)
        return Array("login: \r\n".utf8)
    }
    func openConsole(_ name: String) throws(Problem) -> API.Console {
        _ = try vm(name)
        let (output, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        continuation.yield(Array("login: ".utf8))
        return API.Console(
            output: output,
            send: { (bytes) async throws(Problem) in await self.typed(bytes) },
            close: { continuation.finish() })
    }
    private func typed(_ bytes: [UInt8]) { mutations.append("type \(String(decoding: bytes, as: UTF8.self))") }

    func claims(_ query: API.ClaimQuery) throws(Problem) -> [API.Claim] {
        try check()
        return Fleet.claims.filter { claim in
            (query.phase ?? claim.phase) == claim.phase && (query.owner ?? claim.owner.name) == claim.owner.name
                && (query.tenant == nil || query.tenant == claim.owner.tenant)
        }
    }
    func claim(_ id: String) throws(Problem) -> API.Claim {
        try check()
        if let claim = claimStory.first {
            if claimStory.count > 1 { claimStory.removeFirst() }
            return claim
        }
        return try find(id, in: Fleet.claims, by: \.id, .unknownClaim, "patchbay claim list")
    }
    func createClaim(_ draft: API.ClaimDraft, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.claim(draft))
        for request in draft.requests { if let pool = request.pool { _ = try self.pool(pool) } }
        return try mutate("create claim \(Self.words(draft))", dryRun)
    }
    func releaseClaim(_ id: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try claim(id)
        return try mutate("release claim \(id)", dryRun)
    }
    func renewClaim(_ id: String, _ request: API.RenewRequest, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try claim(id)
        return try mutate("renew claim \(id) lease=\(request.leaseSeconds.map(String.init) ?? "same")", dryRun)
    }
    func explain(_ draft: API.ClaimDraft) throws(Problem) -> API.Explanation {
        try check()
        return Fleet.refusal
    }
    func explainClaim(_ id: String) throws(Problem) -> API.Explanation {
        try claim(id).phase == .pending ? Fleet.refusal : Fleet.success
    }
    func explainVM(_ name: String) throws(Problem) -> API.Explanation {
        _ = try vm(name)
        return Fleet.success
    }
    func whatIf(_ question: API.WhatIf) -> API.Outlook {
        questions.append(question)
        return Fleet.outlook(of: question)
    }
    func editHost(_ name: String, _ draft: API.HostSettingsDraft, dryRun: Bool) throws(Problem) -> API.Change {
        sent.append(.settings(draft, of: name))
        _ = try host(name)
        let labels = (draft.labels ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        let gone = (draft.removeLabels ?? []).map { " \($0)-" }
        let flags = [draft.isPinned.map { " pinned=\($0)" }, draft.isCordoned.map { " cordoned=\($0)" }]
        return try mutate("edit host \(name)\((labels + gone + flags.compactMap { $0 }).joined())", dryRun)
    }

    func plans(host: String?) throws(Problem) -> [API.Plan] {
        try check()
        if let host { _ = try self.host(host) }
        return Fleet.plans
    }
    func plan(_ id: String) throws(Problem) -> API.Plan {
        try check()
        if var story = stories[id], let plan = story.first {
            if story.count > 1 { story.removeFirst() }
            stories[id] = story
            return plan
        }
        return try find(id, in: Fleet.plans, by: \.id, .unknownPlan, "patchbay plan list")
    }
    func undoPlan(_ id: String, dryRun: Bool) throws(Problem) -> API.Change {
        _ = try plan(id)
        return try mutate("undo \(id)", dryRun)
    }

    func events(limit: Int) throws(Problem) -> [API.Event] {
        try check()
        return Array(Fleet.events.prefix(limit))
    }
    /// As many "look again" as a story has chapters.
    func eventStream(after id: Int?) throws(Problem) -> AsyncThrowingStream<API.Event, any Error> {
        try check()
        if streamFails { throw Problem(.serverUnreachable, "Cannot reach the server.") }
        let (stream, continuation) = AsyncThrowingStream<API.Event, any Error>.makeStream()
        for (plan, story) in stories {
            for number in story.indices {
                continuation.yield(
                    .init(
                        id: 100 + number, kind: "plan.changed", subject: "plan \(plan)", sentence: "", actor: nil,
                        at: nil))
            }
        }
        if stories.isEmpty { continuation.finish() }
        return stream
    }

    /// All that a draft says, in one line.
    private static func words(_ draft: API.ClaimDraft) -> String {
        var words = ["for=\(draft.owner.kind.rawValue)/\(draft.owner.name)"]
        if let tenant = draft.owner.tenant { words.append("tenant=\(tenant)") }
        if let id = draft.id { words.append("id=\(id)") }
        words += draft.requests.map { "\($0.pool ?? $0.device ?? "-"):\($0.count ?? 1)\(qualities($0))" }
        words += (draft.hosts ?? []).map { "host=\($0)" }
        words += (draft.labels ?? [:]).sorted { $0.key < $1.key }.map { "label=\($0.key)=\($0.value)" }
        if let strategy = draft.strategy { words.append(strategy.rawValue) }
        if let priority = draft.priority { words.append("priority=\(priority)") }
        if let lease = draft.leaseSeconds { words.append("lease=\(lease)") }
        if draft.waits == true { words.append("waits") }
        if let lender = draft.reservation { words.append("from=\(lender)") }
        return words.joined(separator: " ")
    }

    private static func qualities(_ request: API.RequestDraft) -> String {
        var words = [request.numa?.rawValue, request.groupPolicy?.rawValue, request.topology?.rawValue].compactMap(
            \.self)
        words += (request.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if let name = request.name { words.append("name=\(name)") }
        if request.isOptional == true { words.append("optional") }
        return words.map { ",\($0)" }.joined()
    }
    private func words(_ number: Int?) -> String { number.map(String.init) ?? "-" }

    func check() throws(Problem) {
        if let failure { throw failure }
    }

    func mutate(_ what: String, _ dryRun: Bool) throws(Problem) -> API.Change {
        try check()
        if let refusal = refusals[what] { throw refusal }
        if !dryRun { mutations.append(what) }
        if var change = changes.first {
            change.dryRun = dryRun
            return change
        }
        return .init(dryRun: dryRun, message: "Understood: \(what).", subject: "it")
    }

    func find<Value, Key: Equatable>(
        _ key: Key, in values: [Value], by path: KeyPath<Value, Key>, _ code: ProblemCode, _ command: String
    ) throws(Problem) -> Value {
        guard let value = values.first(where: { $0[keyPath: path] == key }) else {
            throw Problem(code, "There is no \"\(key)\".", next: ["List them:  \(command)"])
        }
        return value
    }
}
