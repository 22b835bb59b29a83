import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// The fleet as this server sees it: loaded once, then fed by `watch` and by its own commits, never decoded again.
///
/// It may be a moment behind another server; commit conditions make that harmless.
actor FleetView {
    private let store: any Store
    private let logger: Logger
    var current = Fleet()
    private var events = EventLog()
    private var loading: Task<Void, any Error>?
    /// Since when the store takes nothing, and why.
    private(set) var storeFailure: (since: Int, problem: Problem)?
    /// What a newer or an earlier Patchbay has stored.
    private var otherForm: Problem?
    private var devicesOfHost: [String: (version: Int, pools: Int, devices: [API.Device])] = [:]
    private var examinations: [String: (inventory: Revision, report: DoctorReport)] = [:]
    /// Devices of commits that are being written, by host: held, as decisions see it.
    var underWay: [String: Set<DeviceKey>] = [:]
    /// Commits that are being written, by number.
    private var commits: [Int: Commit] = [:]
    private var commitsSoFar = 0
    /// Hosts with news for their agents.
    nonisolated let news: AsyncStream<String>
    private let tellNews: AsyncStream<String>.Continuation
    /// Something has changed that claims may have waited for. However much it was since it was last asked: once.
    nonisolated let chances: AsyncStream<Void>
    private let tellChance: AsyncStream<Void>.Continuation

    init(store: any Store, logger: Logger) {
        self.store = store
        self.logger = logger
        (news, tellNews) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(100_000))
        (chances, tellChance) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Loads on first use.
    func fleet() async throws(Problem) -> Fleet {
        try await load()
        let anew = current.unplaced.filter { underWay[$0] != nil }
        current.refreshPlacement()
        for host in anew { hold(underWay[host] ?? [], on: host, true) }
        return current
    }

    /// Reads everything once. Throws what keeps the server from starting: values of a newer or an earlier Patchbay.
    func load() async throws(Problem) {
        let task = loading ?? Task { try await self.readAll() }
        loading = task
        do { try await task.value } catch {
            loading = nil
            throw error as? Problem ?? Problem(.storeFailed, "The store cannot be read.", cause: "\(error)")
        }
    }

    private func readAll() async throws(Problem) {
        let (values, revision) = try await store.list("")
        otherForm = nil
        for value in values { take(StoreChange(revision: value.modified, key: value.key, value: value.value)) }
        if let otherForm { throw otherForm }
        let present = Set(values.map(\.key))
        let gone = current.modified.filter { !present.contains($0.key) && $0.value < revision }.map(\.key)
        for key in gone.sorted() { take(StoreChange(revision: revision, key: key, value: nil)) }
        current.advance(to: revision)
    }

    /// Follows the store until cancelled. Reads everything again when it has fallen behind what the store remembers.
    func follow() async throws {
        try await load()
        while !Task.isCancelled {
            do {
                for try await change in store.watch("", after: current.revision) {
                    take(change)
                    current.advance(to: change.revision - 1)
                }
            } catch is CompactedError {
                try await readAll()
            }
        }
    }

    /// A commit is about to be written.
    ///
    /// - Returns: a number for `wrote`.
    func writing(_ commit: Commit) -> Int {
        commitsSoFar += 1
        commits[commitsSoFar] = commit
        return commitsSoFar
    }

    /// What became of it; whoever asked for it sees it at once.
    ///
    /// - Parameters:
    ///   - outcome: the revision; nil: what it stood on has changed.
    ///   - devices: what was begun for it.
    func wrote(_ number: Int, _ outcome: Result<Revision?, Problem>, ending devices: [DeviceID], at now: Int) {
        let commit = commits.removeValue(forKey: number)
        switch outcome {
        case .success(let revision):
            note(storeFailure: nil, at: now)
            for change in revision.flatMap({ commit?.changes(at: $0) }) ?? [] { take(change) }
        case .failure(let problem): note(storeFailure: problem, at: now)
        }
        end(devices)
    }

    /// Reads what a lost commit stood on, and who holds it.
    func refresh(_ keys: [String]) async throws(Problem) {
        var claims: Set<String> = []
        for key in keys {
            try await refresh(key)
            if case .allocation(let id)? = StatePlace(key),
                let holder = current.hosts[id.host]?.allocations[id.key]
            {
                claims.insert(holder.claim)
            }
        }
        for claim in claims.sorted() { try await refresh(StateKey.claim(claim)) }
    }

    private func refresh(_ key: String) async throws(Problem) {
        let known = current.revision(of: key)
        if let value = try await store.get(key) {
            if case .inventory(let host)? = StatePlace(key) { try await refreshPieces(of: host, namedIn: value) }
            take(StoreChange(revision: value.modified, key: key, value: value.value))
        } else if known > 0, current.revision(of: key) == known {
            // Deleted by a commit that we have not seen yet; one that makes it again has a higher number still. Not so where
            // it is not there as far as we know: what is counted up without a commit would hide the next one that makes it.
            take(StoreChange(revision: max(known, current.revision) + 1, key: key, value: nil))
        }
    }

    /// The pieces first: a head without them would stand for an inventory that nobody has seen.
    private func refreshPieces(of host: String, namedIn value: StoredValue) async throws(Problem) {
        let head = try Versioned<InventoryHead>.read(value.value, from: value.key)
        for part in head.parts where current.hosts[host]?.pieces[part] == nil {
            let key = StateKey.inventory(host, part: part)
            guard let piece = try await store.get(key) else { continue }
            take(StoreChange(revision: piece.modified, key: key, value: piece.value))
        }
    }

    func hold(_ addresses: Set<DeviceKey>, on host: String, _ isHeld: Bool) {
        current.placement.setHeld(addresses, on: host, isHeld)
    }

    /// Most are of this server's own commits: known, or told by the store before the commit has come back.
    private func take(_ change: StoreChange) {
        guard !current.isKnown(change) else { return }
        take(withValue(change))
    }

    /// With the value that this server is just writing there, where it is the same.
    func withValue(_ change: StoreChange) -> FleetChange {
        let written = change.value.flatMap { bytes in
            commits.values.lazy.compactMap { $0.value(of: change.key, saying: bytes) }.first
        }
        return FleetChange(change, written: written)
    }

    private func take(_ change: FleetChange) {
        do {
            if change.place == .audit { return try note(change) }
            if let host = try current.apply(change) { tellNews.yield(host) }
            if change.place?.isChance == true { tellChance.yield() }
        } catch {
            if error.code == Problem.otherForm { otherForm = otherForm ?? error }
            logger.error("stored value unreadable", metadata: ["key": "\(change.key)", "problem": "\(error.detail)"])
        }
    }
}

extension FleetView {
    /// nil: it took the last commit.
    private func note(storeFailure problem: Problem?, at now: Int) {
        guard let problem, problem.code == .storeFailed else {
            return storeFailure = problem == nil ? nil : storeFailure
        }
        storeFailure = (storeFailure?.since ?? now, problem)
    }

    private func note(_ change: FleetChange) throws(Problem) {
        guard change.key != StateKey.notice, !events.isKnown(at: change.revision),
            let record = try change.read(AuditRecord.self)
        else { return }
        events.note(record, at: change.revision)
    }

    /// What was done last, newest first.
    func events(_ limit: Int) async throws(Problem) -> [(revision: Revision, record: AuditRecord)] {
        try await load()
        return events.last(limit)
    }
}

extension FleetView {
    /// Takes in which hosts nobody hears of; where one is as it was said to be again, what waits is looked at again.
    ///
    /// - Returns: those that fell silent, and those that are heard of again.
    func hear(_ hearing: AgentHub.Hearing) -> (gone: Set<String>, back: Set<String>) {
        let before = current.hearing
        if current.hear(hearing) { tellChance.yield() }
        return (hearing.silent.subtracting(before.silent), before.silent.subtracting(hearing.silent))
    }

    /// A host has said how it is: what waits for it is looked at again.
    ///
    /// - Returns: whether it is to be told that it is back. Where many are away, the next look tells it for all of them.
    func reported(_ host: String) -> Bool {
        if current.reported(host) { tellChance.yield() }
        return current.hearing.silent.contains(host) && current.hearing.silent.count < Self.fewAway
    }

    private static let fewAway = 100

    /// Whoever waits for chances looks once more.
    nonisolated func tellTime() { tellChance.yield() }
}

extension StatePlace {
    /// More may fit now than before, or another claim waits, or a lease has another end.
    fileprivate var isChance: Bool {
        switch self {
        case .inventory, .inventoryPart, .domains, .settings, .pool, .claim, .allocation, .quarantine, .vm: true
        case .host, .profile, .binding, .plan, .turn, .queue, .askers, .audit: false
        }
    }
}

extension FleetView {
    /// A host's devices as they are shown, made again only when something about the host or the pools has changed.
    func devices(of host: String) async throws(Problem) -> [API.Device] {
        try await load()
        guard let state = current.hosts[host] else { return [] }
        if let known = devicesOfHost[host], known.version == state.version, known.pools == current.poolsVersion {
            return known.devices
        }
        let devices = current.devices(of: host)
        devicesOfHost[host] = (state.version, current.poolsVersion, devices)
        return devices
    }

    /// Of all hosts, by host and address.
    func allDevices() async throws(Problem) -> [API.Device] {
        try await load()
        var all: [API.Device] = []
        for host in current.hosts.keys.sorted() { all += try await devices(of: host) }
        return all
    }

    /// What the doctor finds on a host; where there are no clashes, made again only when its inventory has changed.
    func examination(
        of host: String, _ inventory: Inventory, clashes: [Finding] = []
    ) async throws(Problem) -> DoctorReport {
        try await load()
        guard clashes.isEmpty else { return Doctor.examine(inventory, clashes: clashes) }
        let revision = current.revision(of: StateKey.inventory(host))
        if let known = examinations[host], known.inventory == revision { return known.report }
        let report = Doctor.examine(inventory)
        examinations[host] = (revision, report)
        return report
    }
}
