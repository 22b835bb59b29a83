import PatchbayCore

/// What the entry that matches a device makes of it in placement.
struct NovaDeviceTerms: Hashable, Sendable {
    var resourceClass: String
    /// Sorted.
    var traits: [String]
    /// nil: the entry does not speak of it.
    var oneTimeUse: Bool?

    init(_ device: NovaDevice, _ tags: [String: NovaValue]) throws(NovaRefusal) {
        resourceClass = NovaNames.resourceClass(
            try Self.word("resource_class", tags), vendor: device.vendor.hex(4), product: device.product.hex(4))
        oneTimeUse = tags["one_time_use"].flatMap(NovaText.truth)
        var traits = Set(NovaNames.traits(try Self.word("traits", tags) ?? ""))
        traits.formUnion([NovaProvider.managedTrait, NovaProvider.ownerTrait])
        if tags["live_migratable"].flatMap(NovaText.truth) == true { traits.insert(NovaNames.liveMigratable) }
        if oneTimeUse == true { traits.insert(NovaNames.oneTimeUse) }
        self.traits = NovaNames.sorted(traits)
    }

    private static func word(_ name: String, _ tags: [String: NovaValue]) throws(NovaRefusal) -> String? {
        switch tags[name] ?? .null {
        case .null: return nil
        case .text(let text): return text
        case let other: throw NovaRefusal(.malformed, "\(name) is a text, not \(other.kind).")
        }
    }
}
