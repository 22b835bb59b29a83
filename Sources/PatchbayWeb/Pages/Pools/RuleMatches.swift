import PatchbayAPI
import PatchbayCore

/// The devices that a rule would match, by host, and what its pool gains and loses by it.
struct RuleMatches: Sendable, Hashable {
    /// Devices that are listed of a host, and of what enters and leaves.
    static let mostDevices = 24

    let heading: String
    let hosts: [HostMatches]
    let changes: [Change]
    let isUnchanged: Bool
    let hint: Hint?
    let findings: [FindingNote]
    /// Nothing to try was typed yet.
    let isBlank: Bool
    let isUnfinished: Bool
    let pool: String
    /// For those who listen.
    let said: String

    struct HostMatches: Sendable, Hashable {
        let id: String
        let host: String
        let href: String
        let counts: [StateCount]
        let devices: [DeviceRow]
        let more: String
    }

    /// What enters the pool, or leaves it.
    struct Change: Sendable, Hashable {
        /// `+`, `−`
        let glyph: String
        let css: String
        let title: String
        let devices: [DeviceRow]
        let more: String
    }

    init(_ trial: RuleTrial?, pool: String, isEnabled: Bool) {
        self.pool = pool
        guard let trial else {
            self.heading = "Matches"
            self.hosts = []
            self.changes = []
            self.isUnchanged = false
            self.hint = nil
            self.findings = []
            self.isBlank = true
            self.isUnfinished = false
            self.said = ""
            return
        }
        let count = trial.matching.count
        let matches = count == 0 ? "Matches no device" : "Matches \(count) device\(count == 1 ? "" : "s")"
        self.heading = matches + (isEnabled ? "" : ", once it is enabled")
        self.hosts = Dictionary(grouping: trial.matching, by: \.host).sorted { $0.key < $1.key }.map {
            HostMatches($0.key, $0.value)
        }
        self.changes = Change.changes(of: pool, from: trial.before, to: trial.after)
        self.isUnchanged = changes.isEmpty && trial.problem == nil
        self.hint = trial.problem.map { Hint($0) }
        self.findings = trial.findings.map(FindingNote.init)
        self.isBlank = false
        self.isUnfinished = trial.isUnfinished
        self.said = ([heading] + changes.map(\.title)).joined(separator: ". ")
    }
}

extension RuleMatches.HostMatches {
    init(_ host: String, _ devices: [API.Device]) {
        self.id = "match-\(API.Device.elementID(of: host))"
        self.host = host
        self.href = Link.host(host)
        self.counts = StateCount.counts(of: devices, filter: "host=\(host)", kind: devices.first?.kind ?? .pci)
        let listed = devices.prefix(RuleMatches.mostDevices)
        self.devices = listed.map { DeviceRow($0) }
        self.more = devices.count > listed.count ? "and \(devices.count - listed.count) more" : ""
    }
}

extension RuleMatches.Change {
    /// Who enters and who leaves a pool.
    static func changes(of pool: String, from old: [API.Device], to new: [API.Device]) -> [Self] {
        let before = Set(old.map(\.id))
        let after = Set(new.map(\.id))
        let entering = new.filter { !before.contains($0.id) }
        let leaving = old.filter { !after.contains($0.id) }
        return [
            Self("+", "good", entering, "enter\(entering.count == 1 ? "s" : "") \(pool)"),
            Self("−", "attention", leaving, "leave\(leaving.count == 1 ? "s" : "") \(pool)"),
        ].compactMap { $0 }
    }

    /// nil: there are none.
    init?(_ glyph: String, _ css: String, _ devices: [API.Device], _ words: String) {
        guard !devices.isEmpty else { return nil }
        self.glyph = glyph
        self.css = css
        self.title = "\(devices.count) device\(devices.count == 1 ? "" : "s") \(words)"
        let listed = devices.prefix(RuleMatches.mostDevices)
        self.devices = listed.map { DeviceRow($0) }
        self.more = devices.count > listed.count ? "and \(devices.count - listed.count) more" : ""
    }
}

/// What a rule would do to its pool if it were saved now.
struct RuleTrial: Sendable {
    /// Devices that the rule matches by itself.
    var matching: [API.Device] = []
    /// Devices of the pool as it is.
    var before: [API.Device] = []
    /// Devices of the pool with the rule in place.
    var after: [API.Device] = []
    /// What to know of the pool as it would be, and of what leaves it.
    var findings: [API.Finding] = []
    /// Why it cannot be tried, or be saved as it is.
    var problem: Problem?
    /// Some of what was typed cannot be read yet and is left out.
    var isUnfinished = false
}
