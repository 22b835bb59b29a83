import PatchbayCore

/// What an instance asks Nova's PCI tracker for: a flavor's alias or a network port, as so many devices of a kind.
struct NovaWish: Hashable, Sendable {
    var count: Int
    /// One of them has to hold; nil as a value asks that the device has none.
    var specs: [[String: String?]]
    var numa: NUMAPolicy
    /// The resource providers that placement chose, one for each device; empty: placement does not decide.
    var providers: [String]

    init(count: Int, specs: [[String: String?]], numa: NUMAPolicy = .legacy, providers: [String] = []) {
        self.count = count
        self.specs = specs
        self.numa = numa
        self.providers = providers
    }

    var countOfProvider: [String: Int] { providers.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    /// What a spec says beside the device itself.
    private static let notOfDevices: Set = ["resource_class", "traits", "rps"]

    /// Everything but NUMA and providers.
    func suits(_ keys: [String: String?]) -> Bool {
        let type = keys["dev_type"] ?? nil
        let isRemote = (keys["remote_managed"] ?? nil).flatMap { NovaText.truth(.text($0)) } ?? false
        guard specs.contains(where: { Self.holds($0, of: keys) }) else { return false }
        if type == "type-PF" || type == "vdpa" {
            guard asks("dev_type", for: type ?? "") else { return false }
        }
        if isRemote, !asks("remote_managed", for: "true") { return false }
        guard let migratable = wantedMigration else { return true }
        return (keys["live_migratable"] ?? nil)?.lowercased() == migratable
    }

    private func asks(_ key: String, for value: String) -> Bool {
        specs.contains { ($0[key] ?? nil)?.lowercased() == value.lowercased() }
    }

    /// All specs say the same of it, or it does not matter.
    private var wantedMigration: String? {
        let words = Set(specs.map { ($0["live_migratable"] ?? nil)?.lowercased() })
        return words.count == 1 ? words.first ?? nil : nil
    }

    private static func holds(_ spec: [String: String?], of keys: [String: String?]) -> Bool {
        spec.allSatisfy { key, value in
            notOfDevices.contains(key) || (keys[key] ?? nil)?.lowercased() == value?.lowercased()
        }
    }

    /// The provider is one of those chosen, and has as many suitable free devices as are wanted of it.
    func hasProvider(_ provider: String?, in stock: NovaStock) -> Bool {
        guard !providers.isEmpty else { return true }
        guard let provider, let wanted = countOfProvider[provider] else { return false }
        return stock.free.count { stock.devices[$0].provider == provider && suits(stock.keys[$0]) } >= wanted
    }
}
