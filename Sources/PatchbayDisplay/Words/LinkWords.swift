import PatchbayAPI

extension API.Link {
    /// What the link could be and what it is: `PCIe 4.0 x16, runs as PCIe 3.0 x16`.
    package var words: [String] {
        let most = Self.words(speed: maxSpeedMTs, width: maxWidth)
        let now = Self.words(speed: speedMTs, width: width)
        guard let now else { return most.map { ["\($0), not trained"] } ?? [] }
        var lines = [most.map { $0 == now ? now : "\(now) of \($0)" } ?? now]
        if let above = Self.words(speed: upstreamMaxSpeedMTs, width: upstreamMaxWidth), above != most {
            lines[0] += " · the port above supports \(above)"
        }
        if isNarrow {
            lines.append("degraded: fewer lanes than both ends support; check slot, riser and contacts")
        }
        if isSlow { lines.append("slower than both ends support, which is normal for an idle device") }
        return lines + (bottleneck?.words ?? [])
    }

    /// `x8 of x16`, `8 GT/s of 16 GT/s`, or empty when it is as it should be.
    package var shortcoming: String {
        if isNarrow, let width { return "x\(width)" + (maxWidth.map { " of x\($0)" } ?? "") }
        if let bottleneck, bottleneck.isNarrow { return bottleneck.shortcoming }
        if isSlow, let speedMTs { return Self.speed(speedMTs) + (maxSpeedMTs.map { " of \(Self.speed($0))" } ?? "") }
        return ""
    }

    fileprivate static func words(speed: Int?, width: Int?) -> String? {
        let parts = [speed.map { generation($0) ?? Self.speed($0) }, width.flatMap { $0 > 0 ? "x\($0)" : nil }]
        let known = parts.compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: " ")
    }

    /// Source: PCI Express Base Specification 6.0, section 8.1: the rates of the generations.
    private static func generation(_ speed: Int) -> String? {
        switch speed {
        case 2500: "PCIe 1.0"
        case 5000: "PCIe 2.0"
        case 8000: "PCIe 3.0"
        case 16_000: "PCIe 4.0"
        case 32_000: "PCIe 5.0"
        case 64_000: "PCIe 6.0"
        default: nil
        }
    }

    private static func speed(_ speed: Int) -> String {
        let rest = speed % 1000 / 100
        return "\(speed / 1000)\(rest == 0 ? "" : ".\(rest)") GT/s"
    }
}

extension API.Bottleneck {
    /// Fewer lanes than both its ends can do.
    package var isNarrow: Bool {
        guard let width, let maxWidth else { return false }
        return width < maxWidth
    }

    /// `x8 of x16 above 0000:01:00.0`
    fileprivate var shortcoming: String { "x\(width ?? 0)" + (maxWidth.map { " of x\($0)" } ?? "") + " above \(port)" }

    /// `narrowest on the way: PCIe 4.0 x8 of PCIe 5.0 x16 above 0000:01:00.0`
    fileprivate var words: [String] {
        guard let now = API.Link.words(speed: speedMTs, width: width) else { return [] }
        let most = API.Link.words(speed: maxSpeedMTs, width: maxWidth)
        let line = "narrowest on the way: \(most.map { $0 == now ? now : "\(now) of \($0)" } ?? now) above \(port)"
        let advice =
            "degraded: that link has fewer lanes than both its ends support; check slot, riser and contacts"
        return [line] + (isNarrow ? [advice] : [])
    }
}
