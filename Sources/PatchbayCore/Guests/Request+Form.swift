extension Request {
    private static let mostDevices = 256

    /// It asks for something that can be had at all. Throws `.malformedInput`.
    package func validate() throws(Problem) {
        guard (1...63).contains(name.utf8.count),
            name.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "/" && $0.value != 0x7f })
        else {
            throw Problem(
                .malformedInput, "\"\(name)\" is not a valid request name.",
                next: ["Use up to 63 characters without spaces, or omit the name."])
        }
        guard (1...Self.mostDevices).contains(count) else {
            throw Problem(
                .malformedInput, "\"count\" is \(count), which is out of range.",
                next: ["Use 1 to \(Self.mostDevices)."])
        }
        if case .device = target, count != 1 {
            throw Problem(
                .malformedInput, "\"count\" is \(count), but a device named in a request is always one.",
                next: ["Omit the count, or request a pool."])
        }
        try TagText.validate(tags, of: "Request \"\(name)\"", .malformedInput)
    }
}

extension Request.Target {
    /// A name for a request that has none of its own: `gpus-1`, after what it asks for.
    package func freeName(beside others: [Request]) -> String {
        let used = Set(others.map(\.name))
        let base =
            switch self {
            case .pool(let pool): pool
            case .device(let id): id.key.short
            }
        var number = 1
        while used.contains("\(base)-\(number)") { number += 1 }
        return "\(base)-\(number)"
    }
}
