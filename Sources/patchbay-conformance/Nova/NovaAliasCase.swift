import PatchbayCore

/// A line of `alias.jsonl`: alias settings and a request, or why they are refused.
struct NovaAliasCase {
    private let line: NovaValue
    private let expected: NovaValue

    init(_ line: NovaValue) throws {
        self.line = line
        expected = try line.need("expect")
    }

    func differences() throws -> [String] {
        let usesPlacement = line["pci_in_placement"] == .bool(true)
        let aliases: [NovaAlias]
        do {
            aliases = try NovaAlias.parse(
                try line.needList("aliases").map { $0.text ?? "" }, usesPlacement: usesPlacement)
        } catch let refusal as NovaRefusal { return refused(refusal, expected["config_error"]?.text) }
        guard expected["config_error"] == .null else { return ["the settings were accepted, expected a refusal"] }
        let requests: [NovaRequest]
        do {
            requests = try NovaRequest.parse(
                try line.needText("request"), aliases: aliases, policy: line["affinity_policy"]?.text)
        } catch let refusal as NovaRefusal {
            // The API's pattern lets fewer strings in than the parser behind it: a strict parser follows the API.
            if expected["api_accepts"] == .bool(false) { return [] }
            return refused(refusal, expected["error"]?.text)
        }
        guard expected["error"] == .null else {
            return ["the request was accepted, expected \(expected["error"] ?? .null)"]
        }
        return try requestDifferences(requests) + (usesPlacement ? groupDifferences(requests) : [])
    }

    private func refused(_ refusal: NovaRefusal, _ error: String?) -> [String] {
        guard let error else { return ["refused (\(refusal.sentence)), expected it to be accepted"] }
        if expected["clean"] == .bool(false) { return [] }
        return refusal.kind.novaNames.contains(error) ? [] : ["refused as \(refusal.kind), expected \(error)"]
    }

    private func requestDifferences(_ requests: [NovaRequest]) throws -> [String] {
        let ours = requests.map { request in
            NovaValue.object([
                "alias_name": .text(request.alias), "count": .number("\(request.count)"),
                "numa_policy": .text(request.numaPolicy),
                "spec": .list(request.specs.map { .object($0.mapValues { .text($0) }) }),
            ])
        }
        let theirs = try expected.needList("requests")
        return ours == theirs ? [] : ["requests \(ours), expected \(theirs)"]
    }

    private func groupDifferences(_ requests: [NovaRequest]) throws -> [String] {
        let ours = NovaRequest.groups(of: requests).map { group in
            NovaValue.object([
                "request": .number("\(group.request)"), "index": .number("\(group.index)"),
                "resources": .object([group.resourceClass: .number("1")]),
                "required_traits": .list(group.traits.map { .text($0) }),
            ])
        }
        let theirs = try expected.needList("groups")
        return ours == theirs ? [] : ["groups \(ours), expected \(theirs)"]
    }
}
