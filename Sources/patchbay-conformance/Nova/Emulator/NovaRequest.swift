import PatchbayCore

/// What a flavor asks for: so many devices of one alias.
struct NovaRequest: Hashable, Sendable {
    var alias: String
    var count: Int
    var numaPolicy: String
    /// One of them has to hold.
    var specs: [[String: String]]

    /// One device of a request, as placement is asked for it.
    struct Group: Hashable, Sendable {
        var request: Int
        var index: Int
        var resourceClass: String
        /// Sorted.
        var traits: [String]
    }

    /// Reads `name:count[,name:count]`, the extra spec `pci_passthrough:alias`; blanks around names and counts do not matter.
    ///
    /// - Parameter policy: what flavor or image say of NUMA; it beats what the alias says.
    static func parse(
        _ text: String, aliases: [NovaAlias], policy: String? = nil
    ) throws(NovaRefusal) -> [NovaRequest] {
        var requests: [NovaRequest] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let count = count(halves[1].trimmingBlanks) else {
                throw NovaRefusal(.unknownAlias, "\"\(part)\" is no request: write name:count.")
            }
            let name = halves[0].trimmingBlanks
            guard let alias = aliases.first(where: { $0.name == name }) else {
                throw NovaRefusal(.unknownAlias, "There is no alias \"\(name)\".")
            }
            requests.append(
                NovaRequest(
                    alias: name, count: count, numaPolicy: policy ?? alias.numaPolicy ?? "legacy", specs: alias.specs))
        }
        return requests
    }

    /// What a flavor (`hw:pci_numa_affinity_policy`) and an image (`hw_pci_numa_affinity_policy`) say of NUMA; nil: nothing.
    ///
    /// Source: `get_pci_numa_policy_constraint` in Nova's `nova/virt/hardware.py`. Throws `.unclearPolicy` where they
    /// contradict each other or say a word that is none.
    static func policy(flavor: String?, image: String?) throws(NovaRefusal) -> String? {
        let words = [flavor, image].compactMap { $0 }.filter { !$0.isEmpty }
        guard let word = words.first else { return nil }
        guard words.allSatisfy({ $0 == word }) else {
            throw NovaRefusal(.unclearPolicy, "The flavor says \"\(words[0])\" of NUMA, the image \"\(words[1])\".")
        }
        guard NUMAPolicy(rawValue: word) != nil else {
            let known = NUMAPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            throw NovaRefusal(.unclearPolicy, "\"\(word)\" is no NUMA policy, which are \(known).")
        }
        return word
    }

    private static func count(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// The groups that placement is asked for, one for each device of each request.
    static func groups(of requests: [NovaRequest]) -> [Group] {
        requests.enumerated().flatMap { number, request in
            let spec = request.specs.first ?? [:]
            let name = NovaNames.resourceClass(
                spec["resource_class"], vendor: spec["vendor_id"] ?? "", product: spec["product_id"] ?? "")
            let traits = NovaNames.traits(spec["traits"] ?? "")
            return (0..<min(request.count, 256)).map {
                Group(request: number, index: $0, resourceClass: name, traits: traits)
            }
        }
    }
}
