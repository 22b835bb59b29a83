import PatchbayCore

/// The keys, for people who look them up.
struct KeysPage: Sendable, Hashable {
    let keys: [KeyBinding]

    init() { self.keys = KeyBinding.all }
}

/// A key and what it does. The scripts answer to these and to no other; a test compares.
struct KeyBinding: Sendable, Hashable {
    /// What is pressed, as `KeyboardEvent.key` says it; two presses are separated by a space.
    let press: String
    /// As it is written on the page.
    let label: String
    let does: String

    static let all: [KeyBinding] = [
        KeyBinding(press: "ArrowDown", label: "↓", does: "next device"),
        KeyBinding(press: "ArrowUp", label: "↑", does: "previous device"),
        KeyBinding(press: "ArrowRight", label: "→", does: "to the VMs, or to the VM that has this device"),
        KeyBinding(press: "ArrowLeft", label: "←", does: "back to the devices"),
        KeyBinding(press: "Enter", label: "Enter", does: "open the device or the VM"),
        KeyBinding(press: "c", label: "c", does: "connect: then type the name of the VM"),
        KeyBinding(press: "x", label: "x", does: "pull out"),
        KeyBinding(press: " ", label: "Space", does: "select, for Make Passthrough"),
        KeyBinding(press: "/", label: "/", does: "search devices"),
        KeyBinding(press: "g b", label: "g b", does: "go to the Bay"),
        KeyBinding(press: "g d", label: "g d", does: "go to Devices"),
        KeyBinding(press: "g v", label: "g v", does: "go to VMs"),
        KeyBinding(press: "g p", label: "g p", does: "go to Pools"),
        KeyBinding(press: "g c", label: "g c", does: "go to Claims"),
        KeyBinding(press: "g w", label: "g w", does: "go to What if"),
        KeyBinding(press: "g l", label: "g l", does: "go to Plans"),
        KeyBinding(press: "g h", label: "g h", does: "go to Hosts"),
        KeyBinding(press: "g e", label: "g e", does: "go to Events"),
        KeyBinding(press: "?", label: "?", does: "this list"),
        KeyBinding(press: "Escape", label: "Esc", does: "close, or drop the cable"),
        KeyBinding(press: "Control+Enter", label: "⌘/Ctrl Enter", does: "apply the plan that is shown"),
    ]
}
