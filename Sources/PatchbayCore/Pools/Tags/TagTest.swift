/// What a request asks of tags, made ready to be asked of many devices.
///
/// Every tag that is asked for has to be there and be the same, whatever the case; an empty value asks for a device that
/// has no such tag. Of traits all that are asked for have to be there. A device that is managed remotely serves only who
/// asks for that.
package struct TagTest: Sendable {
    /// By name.
    private let words: [(name: String, written: String, word: String?)]
    private let traits: [String]
    private let resourceClass: String?
    private let wantsRemoteManaged: Bool

    package init(_ wanted: [String: String]) {
        var words: [(name: String, written: String, word: String?)] = []
        var traits: [String] = []
        var resourceClass: String?
        for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
            switch WellKnownTag(rawValue: name) {
            case .traits: traits = NovaNames.traits(value)
            case .resourceClass: resourceClass = NovaNames.resourceClass(value, vendor: "", product: "")
            case let tag: words.append((name, value, DeviceTags.word(value, tag?.form ?? .text)))
            }
        }
        self.words = words
        self.traits = traits
        self.resourceClass = resourceClass
        wantsRemoteManaged = words.contains { $0.name == WellKnownTag.remoteManaged.rawValue && $0.word == "true" }
    }

    /// Why a device with these tags does not serve the request: the first thing that is not as asked. nil: it does.
    package func failure(on tags: DeviceTags) -> String? {
        if tags.isRemoteManaged {
            if tags.isMisplaced {
                return "It is tagged remote_managed, which only a virtual function can be."
            }
            guard wantsRemoteManaged else {
                return "It is managed remotely, and the request does not have the tag remote_managed=true."
            }
        }
        for (name, written, word) in words {
            let found = tags.words[name] ?? (name == WellKnownTag.remoteManaged.rawValue ? "false" : nil)
            if found != word { return Self.sentence(name, written, tags.words[name]) }
        }
        if let resourceClass, resourceClass != tags.resourceClass {
            return "Its resource class is \(tags.resourceClass ?? "not known"), not \(resourceClass)."
        }
        let lacking = traits.filter { !tags.traits.contains($0) }
        guard !lacking.isEmpty else { return nil }
        return "It does not have the trait\(lacking.count == 1 ? "" : "s") \(lacking.joined(separator: ", "))."
    }

    package func serves(_ tags: DeviceTags) -> Bool { failure(on: tags) == nil }

    /// For one device; make a test once for many.
    package static func failure(of wanted: [String: String], on tags: DeviceTags) -> String? {
        TagTest(wanted).failure(on: tags)
    }

    private static func sentence(_ name: String, _ wanted: String, _ found: String?) -> String {
        switch (wanted.isEmpty, found) {
        case (true, let found?): "It is tagged \(name)=\(found), and the request excludes the tag \(name)."
        case (false, let found?): "It is tagged \(name)=\(found), not \(wanted)."
        case (_, nil): "It is not tagged \(name)=\(wanted)."
        }
    }
}
