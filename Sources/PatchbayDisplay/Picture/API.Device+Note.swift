import PatchbayAPI
import PatchbayCore
import PatchbayText

extension API.Device {
    /// Who has it or what stands in the way, in a few words for the end of a line.
    package var note: String {
        if let vm { return vm }
        if let worst = worstUse {
            let isAtRisk = worst.severity == HostUse.Severity.dataAtRisk.rawValue
            let words = isAtRisk ? "\(HostVerdict.dataAtRisk.words): \(worst.words)" : worst.words
            return ([words] + (nodes.isEmpty ? [] : [nodes.joined(separator: " ")])).joined(separator: " · ")
        }
        switch state {
        case .blocked: return iommuGroup == nil ? "no IOMMU group" : reason
        case .missing, .quarantined: return reason
        case .free, .allocated, .attached, .host:
            if !pools.isEmpty { return (pools.count == 1 ? "pool " : "pools ") + pools.joined(separator: ", ") }
            return nodes.joined(separator: " ")
        }
    }

    private var worstUse: API.HostUse? {
        hostUses.max {
            (HostUse.Severity(rawValue: $0.severity) ?? .dataAtRisk)
                < (HostUse.Severity(rawValue: $1.severity) ?? .dataAtRisk)
        }
    }
}

extension API.HostUse {
    /// The reason in words: what stands before the chain.
    package var words: String {
        guard let colon = sentence.firstIndex(of: ":") else { return sentence }
        return String(sentence[..<colon])
    }
}
