import PatchbayAPI
import PatchbayCore

/// The colour of a VM: one of eight, by name, the same on every page and every day.
enum VMColour {
    static let count: UInt64 = 8
    static func css(for vm: String) -> String { "colour-\(FNV1a(vm).value % count)" }
}
