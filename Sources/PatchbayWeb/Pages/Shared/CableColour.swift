import PatchbayAPI
import PatchbayCore

/// The colour of a VM's cables: one of eight, by name, the same on every page and every day.
enum CableColour {
    static let count: UInt64 = 8
    static func css(for vm: String) -> String { "cable-\(FNV1a(vm).value % count)" }
}
