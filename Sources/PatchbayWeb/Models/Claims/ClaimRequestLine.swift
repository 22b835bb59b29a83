import PatchbayAPI
import PatchbayCore

/// One line of what a claim asks for.
struct ClaimRequestLine: Sendable, Hashable {
    let request: String
    /// `4 ×`
    let count: String
    let target: Anchor
    /// `NUMA required`, `same switch`, `optional`, `trusted=true`
    let conditions: [String]

    init(_ request: API.Request) {
        self.request = request.name
        self.count = "\(request.count) ×"
        if let pool = request.pool {
            self.target = Anchor(text: pool, href: Link.pool(pool))
        } else {
            let device = DeviceName(request.device ?? "")
            self.target = Anchor(text: device.short, href: device.href)
        }
        var conditions: [String] = []
        if let numa = request.numa { conditions.append("NUMA \(numa.rawValue)") }
        if let topology = request.topology { conditions.append(Self.words(topology)) }
        if request.groupPolicy == .isolate { conditions.append(Self.words(.isolate)) }
        if request.isOptional { conditions.append("optional") }
        conditions += request.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.conditions = conditions
    }

    /// `4 × a100, 1 × vfs`
    static func words(_ requests: [API.Request]) -> String {
        requests.map { "\($0.count) × \($0.pool ?? DeviceName($0.device ?? "").short)" }.joined(separator: ", ")
    }

    static func words(_ topology: TopologyPolicy) -> String {
        switch topology {
        case .sameCard: "on one card"
        case .sameSwitch: "below one switch"
        case .sameRootComplex: "below one root complex"
        case .apart: "each on another card"
        }
    }

    static func words(_ group: GroupPolicy) -> String {
        switch group {
        case .none: "from any card"
        case .isolate: "each from another physical function"
        }
    }
}
