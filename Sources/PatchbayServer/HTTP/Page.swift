import HTTPTypes
import Hummingbird
import PatchbayCore

/// A part of a list, by key: `?limit=100&after=KEY`.
struct Page<Element: Encodable> {
    private let elements: ArraySlice<Element>
    private let next: String?

    private static var most: Int { 10_000 }

    /// Throws `.changedMeanwhile` when the key is not in the list any more.
    init(_ all: [Element], _ call: RouteCall, key: (Element) -> String) throws(Problem) {
        var rest = all[...]
        if let after = call["after"] {
            guard let index = all.firstIndex(where: { key($0) == after }) else {
                throw Problem(
                    .changedMeanwhile, "\"\(after)\" is not in the list any more.", next: ["Begin from the start."])
            }
            rest = all[(index + 1)...]
        }
        let limit = try call.number("limit", in: 1...Self.most) ?? rest.count
        elements = rest.prefix(limit)
        next = elements.count < rest.count ? elements.last.map(key) : nil
    }

    var response: Response {
        get throws {
            var response = try Response.json(Array(elements))
            if let next { response.headers[.nextPage] = next }
            return response
        }
    }
}
