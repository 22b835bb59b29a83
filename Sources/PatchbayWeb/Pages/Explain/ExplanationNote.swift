import PatchbayAPI
import PatchbayCore
import PatchbayText

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
        let nobody = all == 0 ? "there is no host to" : all == 1 ? "the only host cannot" : "none of \(all) hosts can"
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

/// What one host says to a claim, with its devices folded below.
struct HostAnswer: Sendable, Hashable {
    /// Devices that are listed; a host may have thousands.
    static let mostDevices = 64

    let id: String
    let host: String
    let href: String
    let mark: ReasonMark
    /// The first test that it fails, or that it would do.
    let sentence: String
    /// How many others say the very same; empty: none.
    let alike: String
    /// Devices that the claim asks for.
    let asked: [DeviceAnswer]
    /// Devices that it does not ask for.
    let others: [DeviceAnswer]
    let othersTitle: String
    /// How many devices are not listed; empty: none.
    let more: String
    let hasDevices: Bool
    let hasOthers: Bool
    let isOpen: Bool

    /// - Parameters:
    ///   - serves: it is the one that has it.
    ///   - isOpen: the devices are shown at once.
    init(_ fit: API.HostFit, serves: Bool, isOpen: Bool, now: Int) {
        self.id = "fit-\(API.Device.elementID(of: fit.host))"
        self.host = fit.host
        self.href = Link.host(fit.host)
        self.mark = ReasonMark(fit.reason?.code)
        self.sentence = fit.reason?.sentence ?? (serves ? "It serves the claim." : "It would serve the claim.")
        self.alike =
            fit.alike == 0
            ? "" : "and \(fit.alike) more host\(fit.alike == 1 ? "" : "s") for the same reason"
        let asked = fit.devices.filter { $0.request != nil }
        let others = fit.devices.filter { $0.request == nil }
        self.asked = asked.prefix(Self.mostDevices).map { DeviceAnswer($0, now: now) }
        self.others = others.prefix(Self.mostDevices).map { DeviceAnswer($0, now: now) }
        self.othersTitle = "\(others.count) that \(others.count == 1 ? "is" : "are") not requested"
        let hidden = fit.devices.count - self.asked.count - self.others.count
        self.more = hidden == 0 ? "" : "and \(hidden) more"
        self.hasDevices = !fit.devices.isEmpty
        self.hasOthers = !others.isEmpty
        self.isOpen = isOpen && !fit.devices.isEmpty
    }
}

/// What becomes of one device in a claim.
struct DeviceAnswer: Sendable, Hashable {
    let mark: ReasonMark
    let address: String
    let href: String
    let name: String
    /// The first test that it fails, or which request it serves.
    let sentence: String
    /// The claims of who has it, where somebody has.
    let holder: Anchor?
    /// When the holder's lease ends.
    let until: Deadline?

    init(_ fit: API.DeviceFit, now: Int) {
        let id = DeviceName(fit.device)
        self.mark = ReasonMark(fit.reason?.code)
        self.address = id.address
        self.href = id.href
        self.name = fit.name
        self.sentence = fit.reason?.sentence ?? fit.request.map { "serves \($0)" } ?? "would do"
        self.holder = fit.holder.map { Anchor(text: $0, href: Link.claims(filter: $0)) }
        self.until = fit.until.map { Deadline($0, now: now) }
    }
}

/// A device that is known by its id alone.
struct DeviceName: Sendable, Hashable {
    /// `atlas/41:00.0`
    let short: String
    /// `41:00.0`
    let address: String
    var href: String { Link.device(id: short) }

    /// - Parameter id: `atlas/0000:41:00.0`; anything else is shown as it is.
    init(_ id: String) {
        if let parsed = try? DeviceID(id) {
            self.short = parsed.short
            self.address = parsed.key.short
        } else {
            self.short = id
            self.address = id
        }
    }
}

/// What a test says of a device or a host: shape and colour; the sentence stands beside it.
struct ReasonMark: Sendable, Hashable {
    let glyph: String
    let css: String

    /// nil: every test was passed.
    init(_ code: Reason.Code?) {
        let state: DeviceState? =
            switch code {
            case .held: .allocated
            case .blocked: .blocked
            case .host: .host
            case .missing: .missing
            case nil, .notInPool, .otherDevice, .deviceChanged, .otherNUMANode, .unknownNUMANode, .otherSocket,
                .wrongTags,
                .samePhysicalFunction, .topology, .goesAlong, .takenByRequest, .notEnough, .otherHost, .labels,
                .cordoned, .offline, .unreadable, .gone, .notPinned, .processors, .memory, .hugepages, .cells, .tooHard,
                .groupChanged:
                nil
            }
        self.glyph = state.map { String($0.glyph) } ?? (code == nil ? "✓" : "✕")
        self.css = state.map { "state-\($0.rawValue)" } ?? (code == nil ? "good" : "bad")
    }
}
