import PatchbayCore

/// The keys, for people who look them up.
struct KeysPage: Sendable, Hashable {
    let keys: [KeyBinding]

    init() { self.keys = KeyBinding.all }
}
