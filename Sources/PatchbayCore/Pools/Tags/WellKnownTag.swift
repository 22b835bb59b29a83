/// A tag whose name has a meaning of its own. The names and their meaning are Nova's; any other tag is just compared.
///
/// Source: the configuration reference of OpenStack Nova, `pci.device_spec`.
package enum WellKnownTag: String, Codable, Sendable, CaseIterable {
    /// The network that the device is plugged into; empty: none, which is what overlay networks ask for.
    case physicalNetwork = "physical_network"
    /// A virtual function of a card that runs its own network (a DPU). Only who asks for that gets it.
    case remoteManaged = "remote_managed"
    /// A virtual function that its physical one may trust.
    case trusted
    /// The hypervisor binds the driver.
    case managed
    case liveMigratable = "live_migratable"
    /// It is given away once, and then only after somebody has cleaned it.
    case oneTimeUse = "one_time_use"
    /// What it can do, as names separated by commas. Whoever asks for some of them gets what has all of those.
    case traits
    /// What it is, for those who ask by class; without it the class is made from its ids.
    case resourceClass = "resource_class"

    /// How its value is read.
    enum Form: Sendable {
        case text
        /// One of Nova's words for yes and no, and nothing else.
        case flag
        /// The same, and anything else means no.
        case lenientFlag
        case traits
        case resourceClass
    }

    var form: Form {
        switch self {
        case .physicalNetwork: .text
        case .remoteManaged: .lenientFlag
        case .trusted, .managed, .liveMigratable, .oneTimeUse: .flag
        case .traits: .traits
        case .resourceClass: .resourceClass
        }
    }
}

/// What tags may be written: by a rule, which gives them, and by a request, which asks for them.
package enum TagText {
    package static let most = 32
    package static let longestName = 64
    package static let longestValue = 255

    /// - Parameters:
    ///   - owner: whose they are, as the sentence begins: `Rule "fast"`.
    ///   - code: what the problem is where one is not as it should be.
    package static func validate(
        _ tags: [String: String], of owner: String, _ code: ProblemCode
    ) throws(Problem) {
        guard tags.count <= most else {
            throw Problem(code, "\(owner) has \(tags.count) tags.", next: ["Use at most \(most)."])
        }
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard (1...longestName).contains(name.count), isPrintable(name), !name.contains("=") else {
                throw Problem(
                    code, "\(owner): \"\(name)\" cannot name a tag.",
                    next: ["Use 1 to \(longestName) characters on one line, without \"=\"."])
            }
            guard value.count <= longestValue, isPrintable(value) else {
                throw Problem(
                    code, "\(owner): the value of the tag \(name) is too long, or is not one line.",
                    next: ["Use at most \(longestValue) characters."])
            }
            try validate(name, value, owner, code)
        }
    }

    private static func validate(
        _ name: String, _ value: String, _ owner: String, _ code: ProblemCode
    ) throws(Problem) {
        guard let tag = WellKnownTag(rawValue: name) else { return }
        switch tag.form {
        case .text, .lenientFlag, .traits: return
        case .flag:
            guard NovaText.truth(.text(value)) == nil else { return }
            throw Problem(
                code, "\(owner): \"\(value)\" is no value of the tag \(name).", next: ["Write true or false."])
        case .resourceClass:
            guard value.isEmpty else { return }
            throw Problem(
                code, "\(owner): the tag \(name) needs a value.",
                next: ["Leave it out: the class is then made from the device's ids."])
        }
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
