import PatchbayAPI
import PatchbayCore
import PatchbayText

/// How a request reads: for people, and as `--request` takes it.
extension API.RequestDraft {
    /// `2 × gpus`, `atlas/0000:41:00.0`
    package var asked: String { requestWords(of: device ?? pool ?? name ?? "nothing", count ?? 1) }

    /// `gpus:4,numa=required,name=cards`, as `--request` takes it; nil: a comma in it would end a word.
    package var option: String? {
        let target: String
        switch (pool, device) {
        case (let pool?, nil) where !pool.contains(where: { ":/".contains($0) }):
            target = count.map { "\(pool):\($0)" } ?? pool
        case (nil, let device?) where count == nil: target = device
        default: return nil
        }
        var words = [target]
        if let numa { words.append("numa=\(numa.rawValue)") }
        if let topology { words.append("topology=\(topology.rawValue)") }
        if let groupPolicy { words.append("group-policy=\(groupPolicy.rawValue)") }
        for (name, value) in (tags ?? [:]).sorted(by: { $0.key < $1.key }) { words.append("tag=\(name)=\(value)") }
        if let name { words.append("name=\(name)") }
        if isOptional == true { words.append("optional") }
        return words.contains { $0.contains(",") } ? nil : words.joined(separator: ",")
    }
}

extension API.Request {
    /// `2 × gpus`, `atlas/0000:41:00.0`
    package var asked: String { requestWords(of: device ?? pool ?? name, count) }

    /// `4 × gpus · NUMA required · below one PCIe switch`
    package var words: String { ([asked] + conditions).joined(separator: " · ") }

    /// What it says beside which devices and how many, for people: `NUMA required`, `below one PCIe switch`, `trusted=true`.
    package var conditions: [String] {
        var conditions: [String] = []
        if let numa { conditions.append("NUMA \(numa.rawValue)") }
        if let topology { conditions.append(topology.words) }
        if groupPolicy != .none { conditions.append(groupPolicy.words) }
        conditions += tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if isOptional { conditions.append("optional") }
        return conditions
    }
}

private func requestWords(of target: String, _ count: Int) -> String { count > 1 ? "\(count) × \(target)" : target }
