import PatchbayAPI
import PatchbayCore

/// A request as people type it: `gpus:4,numa=required,topology=same-switch,optional`, `atlas/41:00.0,name=card`.
enum RequestText {
    static let form =
        "POOL:COUNT or HOST/ADDRESS, then options after commas: 'gpus:4,numa=required,topology=same-switch'"
    static let words = ["numa", "topology", "group-policy", "tag", "name", "optional"]

    /// Throws `.malformedInput`, quoting what was typed.
    static func request(_ text: String) throws(Problem) -> API.RequestDraft {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var request = try target(parts[0], of: text)
        for part in parts.dropFirst() { try add(part, to: &request, of: text) }
        return request
    }

    private static func target(_ part: String, of text: String) throws(Problem) -> API.RequestDraft {
        let isAddress = part.count { $0 == "." || $0 == ":" } > 1 || PCIAddress.isMeant(by: part)
        if part.contains("/") || isAddress || DeviceName.isSerial(part) {
            do throws(Problem) { return API.RequestDraft(device: try DeviceArgument.checked(part)) } catch {
                throw malformed("\"\(text)\" is not a valid device. \(error.detail)")
            }
        }
        let pool = part.prefix { $0 != ":" }
        guard !pool.isEmpty else { throw malformed("\"\(text)\" names no pool or device.") }
        guard pool.count < part.count else { return API.RequestDraft(pool: part) }
        let number = part.dropFirst(pool.count + 1)
        guard let count = Int(number), count >= 1 else {
            throw malformed("\"\(number)\" in \"\(text)\" is not a valid number of devices.")
        }
        return API.RequestDraft(pool: String(pool), count: count)
    }

    private static func add(_ part: String, to request: inout API.RequestDraft, of text: String) throws(Problem) {
        let word = String(part.prefix { $0 != "=" })
        let value = String(part.dropFirst(word.count + 1))
        switch word {
        case "optional" where word == part: request.isOptional = true
        case "numa": request.numa = try one(value, word, text)
        case "topology": request.topology = try one(value, word, text)
        case "group-policy": request.groupPolicy = try one(value, word, text)
        case "name" where !value.isEmpty: request.name = value
        case "tag" where !value.isEmpty:
            let pair = try PairText.pair(value, of: "tag")
            request.tags = (request.tags ?? [:]).merging([pair.name: pair.value]) { $1 }
        default:
            let near = Spelling.nearest(to: word, among: words).flatMap { near -> NextStep? in
                near == word ? nil : "Did you mean \(near)?"
            }
            throw malformed("\"\(part)\" in \"\(text)\" is not a valid part of a request.", near)
        }
    }

    /// One of the words of a policy.
    private static func one<Policy: RawRepresentable<String> & CaseIterable>(
        _ value: String, _ word: String, _ text: String
    ) throws(Problem) -> Policy {
        if let policy = Policy(rawValue: value) { return policy }
        let known = Policy.allCases.map(\.rawValue)
        let near = Spelling.nearest(to: value, among: known).map { NextStep("Did you mean \(word)=\($0)?") }
        throw malformed(
            "\"\(value)\" in \"\(text)\" is not a \(word) policy.",
            near ?? NextStep("Use \(word)= with one of \(known.joined(separator: ", "))."))
    }

    private static func malformed(_ sentence: String, _ next: NextStep? = nil) -> Problem {
        Problem(
            .malformedInput, sentence,
            next: (next.map { [$0] } ?? []) + ["Write \(form)", "See all parts of a request:  patchbay help requests"])
    }
}
