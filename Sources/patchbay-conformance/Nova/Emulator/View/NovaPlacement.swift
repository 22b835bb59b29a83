import PatchbayCore

/// What OpenStack's placement keeps of one host: what there is, and who has how much of it.
struct NovaPlacement: Hashable, Sendable {
    /// Sorted by name where we made it.
    var providers: [NovaProvider]
    /// By consumer, by name of the provider, by resource class. Providers that are no devices occur, too: the host's own.
    var allocations: [String: [String: [String: Int]]]

    init(providers: [NovaProvider] = [], allocations: [String: [String: [String: Int]]] = [:]) {
        self.providers = providers
        self.allocations = allocations
    }

    /// By name of the provider, by resource class: what all consumers together have.
    var usage: [String: [String: Int]] {
        var usage: [String: [String: Int]] = [:]
        for consumer in allocations.values {
            for (provider, amounts) in consumer {
                usage[provider, default: [:]].merge(amounts, uniquingKeysWith: +)
            }
        }
        return usage
    }

    /// Who has something of the provider. Sorted.
    func consumers(of provider: String) -> [String] {
        allocations.filter { $0.value[provider]?.isEmpty == false }.keys.sorted()
    }
}
