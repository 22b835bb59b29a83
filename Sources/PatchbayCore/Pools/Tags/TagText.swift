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
                    code, "\(owner): \"\(name)\" is not a valid tag name.",
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
                code, "\(owner): \"\(value)\" is not a valid value of the tag \(name).", next: ["Write true or false."])
        case .resourceClass:
            guard value.isEmpty else { return }
            throw Problem(
                code, "\(owner): the tag \(name) needs a value.",
                next: ["Omit the tag: the resource class is then made from the device's ids."])
        }
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
