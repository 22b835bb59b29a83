/// What is said of a device in one pool, made ready to be compared: by the first enabled rule that matches it.
///
/// Devices of a pool with equal tags are as good as each other to whoever asks for tags.
package struct DeviceTags: Hashable, Sendable {
    /// Words to compare: yes and no as `true` and `false`, everything in lower case. Without traits and class, and without
    /// those that are empty, which is the same as not being said.
    package private(set) var words: [String: String] = [:]
    /// As placement writes them, sorted; with those that other tags stand for.
    package private(set) var traits: [String] = []
    /// As placement writes it; nil: no rule says one, and it is not known which device is meant.
    package private(set) var resourceClass: String?
    /// It is said to be managed remotely, which a device like it cannot be.
    package private(set) var isMisplaced = false

    /// The tags of a rule, as they are for whatever it matches.
    package init(_ written: [String: String]) {
        for (name, value) in written {
            switch WellKnownTag(rawValue: name) {
            case .traits: traits = NovaNames.traits(value)
            case .resourceClass: resourceClass = NovaNames.resourceClass(value, vendor: "", product: "")
            case let tag: words[name] = Self.word(value, tag?.form ?? .text)
            }
        }
        let implied: [(WellKnownTag, String)] = [
            (.liveMigratable, NovaNames.liveMigratable), (.oneTimeUse, NovaNames.oneTimeUse),
        ]
        let more = implied.filter { self[$0.0] == "true" }.map(\.1)
        if !more.isEmpty { traits = NovaNames.sorted(Set(traits + more)) }
    }

    /// A value made ready to be compared; nil: it says nothing.
    static func word(_ value: String, _ form: WellKnownTag.Form) -> String? {
        switch form {
        case .flag, .lenientFlag:
            if let truth = NovaText.truth(.text(value)) { return truth ? "true" : "false" }
            return form == .lenientFlag ? "false" : value.lowercased()
        case .text, .traits, .resourceClass: return value.isEmpty ? nil : value.lowercased()
        }
    }

    package subscript(tag: WellKnownTag) -> String? { words[tag.rawValue] }

    package var isRemoteManaged: Bool { self[.remoteManaged] == "true" }

    /// How special it makes a device. What is ordinary is given away first; traits and class do not count, as in Nova.
    package var count: Int { words.count }

    /// Nothing in it keeps a device from somebody who asks for no tags, or makes it worth sparing.
    package var isEmpty: Bool { words.isEmpty && traits.isEmpty }

    /// With what follows from the device itself: its class where no rule says one, and whether it can be what is said.
    func completed(for function: PCIFunction) -> DeviceTags {
        var tags = self
        if tags.resourceClass == nil {
            tags.resourceClass = NovaNames.resourceClass(
                nil, vendor: function.id.vendor.hex(4), product: function.id.device.hex(4))
        }
        switch function.role {
        case .plain, .physical: tags.isMisplaced = isRemoteManaged
        case .virtual: tags.isMisplaced = false
        }
        return tags
    }
}

extension DeviceTags: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements) { $1 })
    }
}
