import PatchbayAPI
import PatchbayCore

/// Why a claim is served as it is, or why it is not, and what would make it fit: the same on every page that tells it.
struct ExplanationNote: Sendable, Hashable {
    /// Who wants to know.
    enum Question: Sendable, Hashable {
        /// It has its devices.
        case served
        case waiting
        /// It is being written.
        case draft
        /// A VM that is off.
        case start(vm: String)
    }

    /// Hosts that are listed; beyond that, those alike were folded already.
    static let mostHosts = 40

    let glyph: String
    let css: String
    let headline: String
    let isServed: Bool
    /// Devices it would get; empty where it has it already.
    let devices: [GrantedDevice]
    let getsDevices: Bool
    let seat: SeatCard?
    let scores: [Score]
    let hasScores: Bool
    let hosts: [HostAnswer]
    let hasHosts: Bool
    let moreHosts: String
    let fixes: [FixLine]
    let hasFixes: Bool

    struct Score: Sendable, Hashable {
        let name: String
        let value: Int
        let sentence: String
    }

    init(_ explanation: API.Explanation, _ question: Question, fixes: [FixLine] = [], now: Int) {
        self.glyph = explanation.fits ? "✓" : "✕"
        self.css = explanation.fits ? "good" : "bad"
        self.headline = Self.headline(explanation, question)
        self.isServed = question == .served
        self.devices = question == .served ? [] : explanation.devices.map(GrantedDevice.init)
        self.getsDevices = !devices.isEmpty
        self.seat = question == .served ? nil : explanation.seat.map(SeatCard.init)
        self.scores = explanation.scores.map { Score(name: $0.name, value: $0.value, sentence: $0.sentence) }
        self.hasScores = !explanation.scores.isEmpty
        let listed = explanation.hosts.prefix(Self.mostHosts)
        let firstOut = listed.firstIndex { $0.reason != nil }
        self.hosts = listed.indices.map {
            HostAnswer(
                listed[$0], serves: question == .served && listed[$0].host == explanation.host,
                isOpen: !explanation.fits && $0 == firstOut, now: now)
        }
        self.hasHosts = !listed.isEmpty
        let rest = explanation.hosts.count - listed.count
        self.moreHosts = rest == 0 ? "" : "and \(rest) more that lack more"
        self.fixes = fixes
        self.hasFixes = !fixes.isEmpty
    }

    private static func headline(_ explanation: API.Explanation, _ question: Question) -> String {
        let host = explanation.host ?? ""
        let all = explanation.hosts.reduce(0) { $0 + 1 + $1.alike }
        let nobody = all == 0 ? "there is no host" : all == 1 ? "the only host cannot" : "none of \(all) hosts can"
        return switch (question, explanation.fits) {
        case (.served, true): "\(host) serves it" + (explanation.devices.isEmpty ? "." : " with \(names(explanation)).")
        case (.waiting, true): "It fits on \(host) now and is served when its turn comes."
        case (.draft, true): "It fits: \(host) would serve it."
        case (.start(let vm), true): "Yes: \(vm) would start on \(host) with \(count(of: explanation.devices))."
        case (.start(let vm), false): "No: \(vm) would not get what it requests."
        case (.served, false), (.waiting, false), (.draft, false): "Nothing fits now: \(nobody) serve it."
        }
    }

    /// `atlas/41:00.0 and atlas/42:00.0`; of many, how many.
    private static func names(_ explanation: API.Explanation) -> String {
        let devices = explanation.devices.map { DeviceName($0.device).short }
        guard !devices.isEmpty, devices.count <= 4 else { return count(of: explanation.devices) }
        return devices.listed
    }

    private static func count(of devices: [API.ClaimDevice]) -> String {
        devices.count == 1 ? "this device" : "these \(devices.count) devices"
    }
}
