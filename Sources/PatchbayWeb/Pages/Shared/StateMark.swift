import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A device state as pages show it: shape, word, colour, in that order.
struct StateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    /// `state-free`
    let css: String

    init(_ state: DeviceState) {
        self.glyph = String(state.glyph)
        self.word = state.rawValue
        self.css = "state-\(state.rawValue)"
    }
}

/// How many devices are in a state, with a link to them.
struct StateCount: Sendable, Hashable {
    let mark: StateMark
    let count: Int
    let href: String

    /// One entry for each state that some device is in, in the order of the vocabulary.
    static func counts(
        of devices: [API.Device], filter: String = "", kind: DeviceKind = .pci
    ) -> [StateCount] {
        let byState = Dictionary(grouping: devices, by: \.state).mapValues(\.count)
        return DeviceState.allCases.compactMap { state in
            byState[state].map {
                let words = [filter, "state=\(state.rawValue)"].filter { !$0.isEmpty }.joined(separator: " ")
                return StateCount(mark: StateMark(state), count: $0, href: Link.devices(filter: words, kind: kind))
            }
        }
    }
}

/// How many devices of a kind there are, and in which states.
struct KindCount: Sendable, Hashable {
    /// `1 USB device`
    let label: String
    /// `17 bridges`: those are in lists of devices, too, but stay with the host. Empty: there are none.
    let bridges: String
    let counts: [StateCount]

    /// One entry for each kind that there is a device of.
    static func counts(of devices: [API.Device], filter: String = "") -> [KindCount] {
        let byKind = Dictionary(grouping: devices, by: \.kind)
        return DeviceKind.allCases.compactMap { kind in
            guard let all = byKind[kind] else { return nil }
            let lendable = all.filter { !$0.isBridge }
            let bridges = all.count - lendable.count
            return KindCount(
                label: "\(lendable.count) \(kind.label) device\(lendable.count == 1 ? "" : "s")",
                bridges: bridges == 0 ? "" : "\(bridges) bridge\(bridges == 1 ? "" : "s")",
                counts: StateCount.counts(of: lendable, filter: filter, kind: kind))
        }
    }
}
