import PatchbayCore

/// What was given to the requests of a case, held against the case itself and nothing of ours: valid, and where Nova's
/// choice is determined the same.
struct NovaAssignment {
    private let grant: NovaGrant
    private let line: NovaValue
    private let requests: [NovaValue]
    private let devices: [String: NovaValue]

    init(_ grant: NovaGrant, _ line: NovaValue) throws {
        self.grant = grant
        self.line = line
        requests = try line.needList("requests")
        let all = try line.need("host").needList("devices").map { (try $0.needText("address"), $0) }
        devices = Dictionary(all, uniquingKeysWith: { first, _ in first })
    }

    /// Rules that it breaks.
    var faults: [String] {
        var faults: [String] = []
        for (addresses, request) in zip(grant.given, requests) {
            let name = request["id"]?.text ?? ""
            if addresses.count != request["count"]?.integer { faults.append("\(name) got \(addresses.count) devices") }
            let eligible = Set(line["expect"]?["eligible"]?[name]?.list?.compactMap(\.text) ?? [])
            if line["expect"]?["eligible"]?[name] != nil {
                faults += addresses.filter { !eligible.contains($0.description) }.map {
                    "\(name) got \($0), not eligible"
                }
            }
            faults += addresses.filter { !isNear($0, request) }.map { "\(name) got \($0), which is too far" }
            if let providers = request["spec"]?.list?.first?["rps"]?.list?.compactMap(\.text) {
                let got = addresses.compactMap { devices[$0.description]?["rp"]?.text }
                if got.sorted() != providers.sorted() { faults.append("\(name) got providers \(got)") }
            }
        }
        let all = grant.given.flatMap { $0 }
        if Set(all).count != all.count { faults.append("a device was given twice") }
        let parents = Set(all.compactMap { devices[$0.description]?["parent_addr"]?.text })
        faults += all.filter { parents.contains($0.description) }.map { "\($0) was given beside its virtual functions" }
        return faults
    }

    private func isNear(_ address: PCIAddress, _ request: NovaValue) -> Bool {
        guard let cells = line["instance_numa"]?.list?.compactMap(\.integer) else { return true }
        let node = devices[address.description]?["numa_node"]?.integer
        switch request["numa_policy"]?.text ?? "legacy" {
        case "required": return node.map(cells.contains) ?? false
        case "legacy": return node.map(cells.contains) ?? true
        case "socket":
            return node.map { node in cells.contains(node) || cells.contains { isSameSocket($0, node) } } ?? false
        default: return true
        }
    }

    private func isSameSocket(_ a: Int, _ b: Int) -> Bool {
        func socket(_ node: Int) -> Int? {
            line["host"]?["numa"]?.list?.first { $0["id"]?.integer == node }?["socket"]?.integer
        }
        return socket(a) != nil && socket(a) == socket(b)
    }

    /// Where Nova's choice came out the same whatever the order, ours has to be it, and what is left, too.
    var choiceDifferences: [String] {
        get throws {
            let expected = try line.need("expect")
            guard expected["devices"]?.text?.hasPrefix("exact") == true else { return [] }
            var differences: [String] = []
            for (addresses, request) in zip(grant.given, requests) {
                let name = request["id"]?.text ?? ""
                let ours = counts(addresses.map(\.description))
                let theirs = Self.counts(
                    expected["chosen"]?.list?.first { $0["request"]?.text == name }?["devices"]?.list ?? [])
                if ours != theirs { differences.append("\(name) got \(ours), expected \(theirs)") }
            }
            let left = counts(grant.left.map(\.description))
            let theirs = Self.counts(expected["left"]?.list ?? [])
            return left == theirs ? differences : differences + ["left are \(left), expected \(theirs)"]
        }
    }

    /// By what tells devices apart.
    private func counts(_ addresses: [String]) -> [String: Int] {
        addresses.compactMap { devices[$0] }.reduce(into: [:]) { counts, device in
            var tags = device["tags"]?.fields ?? [:]
            tags["resource_class"] = nil
            tags["traits"] = nil
            let product = "\(device["vendor_id"]?.text ?? ""):\(device["product_id"]?.text ?? "")"
            counts[Self.key(device["numa_node"], device["dev_type"], product, tags), default: 0] += 1
        }
    }

    private static func counts(_ chosen: [NovaValue]) -> [String: Int] {
        chosen.reduce(into: [:]) { counts, entry in
            let product =
                entry["vendor_product"]?.text ?? "\(entry["vendor_id"]?.text ?? ""):\(entry["product_id"]?.text ?? "")"
            counts[key(entry["numa_node"], entry["dev_type"], product, entry["tags"]?.fields ?? [:]), default: 0] +=
                entry["count"]?.integer ?? 0
        }
    }

    private static func key(
        _ node: NovaValue?, _ type: NovaValue?, _ product: String, _ tags: [String: NovaValue]
    ) -> String {
        // Nova adds it to what may have it, and shows it in one of its answers but not in the other.
        let told = tags.filter { $0.key != "remote_managed" || $0.value != .text("false") }
        let words = told.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text ?? "none")" }
        return "node \(node?.integer.map(String.init) ?? "none") \(type?.text ?? "") \(product) \(words)"
    }
}
