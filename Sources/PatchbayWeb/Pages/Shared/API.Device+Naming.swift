import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

extension API.Device {
    var groupText: String { iommuGroup.map(String.init) ?? "–" }
    var numaText: String { numaNode.map(String.init) ?? "–" }

    /// `A100 80GB, 42:00.0, free, group 16, NUMA 0`
    var spokenName: String {
        var parts = [briefName, shortAddress, state.rawValue]
        if kind.needsIOMMU { parts.append(iommuGroup.map { "group \($0)" } ?? "no group") }
        if let numaNode { parts.append("NUMA \(numaNode)") }
        if let who = vm ?? holder, state == .attached { parts.append("attached to \(who)") }
        if let who = vm ?? holder, state == .allocated { parts.append("held for \(who)") }
        return parts.joined(separator: ", ")
    }

    /// Usable as an element's id: `atlas-41-00-0`.
    var elementID: String { Self.elementID(of: shortID) }

    static func elementID(of text: String) -> String {
        var id = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            id.append(scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) ? scalar : "-")
        }
        return String(id)
    }
}
