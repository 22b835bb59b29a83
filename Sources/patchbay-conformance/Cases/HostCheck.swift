/// One line of `checks.json`: what an expert expects of a program that lends a host's devices. README.md beside the cases tells the form.
struct HostCheck: Decodable {
    enum Expectation {
        /// The devices' verdict is one of these.
        case verdict([String], [String])
        /// State and verdict are `free`, or the state is anything else.
        case lendable([String], Bool)
        case mentions(String, command: String)
        case mentionsNot(String, command: String)
        case exit(Int32, command: String)
        /// The JSON array that the command prints has just these addresses or names, in any order.
        case lists([String], command: String)
    }

    var expectation: Expectation
    /// The archive without `.tar.xz`.
    var root: String
    /// The archive is unpacked first: for links that a recording may not have.
    var isUnpacked: Bool
    /// The file with the guests of the server that is asked instead of an archive.
    var server: String?
    /// The recorded machine it is about, in `machines.json`.
    var machine: String?
    /// What it is good for, in a sentence.
    var why: String

    private enum Key: String, CodingKey {
        case device, verdictIn, lendable, mentions, mentionsNot, doctor, exit, of, lists, root, unpacked, server,
            machine, why
        case place = "in"
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: Key.self)
        expectation = try Self.expectation(keys)
        root = try keys.decodeIfPresent(String.self, forKey: .root) ?? "input"
        isUnpacked = try keys.decodeIfPresent(Bool.self, forKey: .unpacked) ?? false
        server = try keys.decodeIfPresent(String.self, forKey: .server)
        machine = try keys.decodeIfPresent(String.self, forKey: .machine)
        why = try keys.decode(String.self, forKey: .why)
    }

    private static func expectation(_ keys: KeyedDecodingContainer<Key>) throws -> Expectation {
        if let verdicts = try keys.decodeIfPresent([String].self, forKey: .verdictIn) {
            return .verdict(try devices(keys), verdicts)
        }
        if let isLendable = try keys.decodeIfPresent(Bool.self, forKey: .lendable) {
            return .lendable(try devices(keys), isLendable)
        }
        if let pattern = try keys.decodeIfPresent(String.self, forKey: .mentions) {
            return .mentions(pattern, command: try keys.decode(String.self, forKey: .place))
        }
        if let pattern = try keys.decodeIfPresent(String.self, forKey: .mentionsNot) {
            return .mentionsNot(pattern, command: try keys.decode(String.self, forKey: .place))
        }
        if let code = try keys.decodeIfPresent(Int32.self, forKey: .exit) {
            return .exit(code, command: try keys.decode(String.self, forKey: .of))
        }
        if let names = try keys.decodeIfPresent([String].self, forKey: .lists) {
            return .lists(names, command: try keys.decode(String.self, forKey: .of))
        }
        return .exit(try keys.decode(String.self, forKey: .doctor) == "ready" ? 0 : 2, command: "doctor")
    }

    /// An address, a model, or a list of them.
    private static func devices(_ keys: KeyedDecodingContainer<Key>) throws -> [String] {
        if let one = try? keys.decode(String.self, forKey: .device) { return [one] }
        return try keys.decode([String].self, forKey: .device)
    }

    /// The check in a few words, as it is listed when it fails.
    var name: String {
        let place = root == "input" ? "" : ", \(root)"
        switch expectation {
        case .verdict(let devices, let verdicts):
            return "\(short(devices)) is \(verdicts.joined(separator: ", or "))\(place)"
        case .lendable(let devices, let isLendable):
            return "\(short(devices)) \(isLendable ? "is free" : "is not free")\(place)"
        case .mentions(let pattern, let command): return "\(command) mentions \(pattern)\(place)"
        case .mentionsNot(let pattern, let command): return "\(command) does not mention \(pattern)\(place)"
        case .exit(let code, let command): return "\(command) ends with \(code)\(place)"
        case .lists(let names, let command): return "\(command) lists \(names.joined(separator: ", "))\(place)"
        }
    }

    private func short(_ devices: [String]) -> String {
        devices.count > 2 ? "\(devices[0]) and \(devices.count - 1) more" : devices.joined(separator: ", ")
    }
}
