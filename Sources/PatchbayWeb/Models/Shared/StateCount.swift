import PatchbayAPI
import PatchbayCore

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
