import PatchbayAPI
import PatchbayCore

/// What the guest's serial console printed since the last start.
struct ConsolePage: Sendable, Hashable {
    let name: String
    let back: String
    let text: String
    let isEmpty: Bool
    let command: String
    let fragment: String

    init(vm: String, log: [UInt8]) {
        self.name = vm
        self.back = Link.vm(vm)
        self.text = TerminalText.plain(log)
        self.isEmpty = text.trimmed.isEmpty
        self.command = "patchbay vm console \(vm)"
        self.fragment = "/fragments" + Link.vm(vm) + "/console"
    }
}
