/// What became of a device that was known before a boot or a hotplug.
package enum Recognition: Hashable, Codable, Sendable {
    /// Same place, same device.
    case same(PCIAddress)
    /// The same device in another place or at another address: follow it, and say so.
    case moved(PCIAddress)
    /// Its place holds something else: hold, and ask. `differences` say what is not as it was, one a line.
    case changed(PCIAddress, differences: [String])
    /// Several could be it, or one that nothing proves to be it.
    case ambiguous([PCIAddress])
    case gone

    /// Where it is, when that is sure.
    package var address: PCIAddress? {
        switch self {
        case .same(let address), .moved(let address): address
        case .changed, .ambiguous, .gone: nil
        }
    }
}
