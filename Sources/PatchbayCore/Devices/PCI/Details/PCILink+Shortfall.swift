extension PCILink {
    /// A link that carries less than the card and the port above both can.
    package enum Shortfall: Hashable, Sendable {
        /// Lanes. A fault wherever it is seen: a bad contact, a riser, a slot wired for fewer lanes than it has.
        case width(Int, of: Int)
        /// Hundredths of GT/s. Idle GPUs slow their link down to save power, so it is worth a note, not a warning.
        case speed(Int, of: Int)
    }

    /// Measured against what both ends can do: a card in a slot made for less has no fault. Without a port above
    /// nobody can tell: a guest's virtual root shows the card's numbers and no slot. The narrow width first.
    package var shortfalls: [Shortfall] {
        var shortfalls: [Shortfall] = []
        if let width, let most = Self.lower(maxWidth, upstreamMaxWidth), width < most {
            shortfalls.append(.width(width, of: most))
        }
        if let speed, let most = Self.lower(maxSpeed, upstreamMaxSpeed), speed < most {
            shortfalls.append(.speed(speed, of: most))
        }
        return shortfalls
    }

    private static func lower(_ own: Int?, _ upstream: Int?) -> Int? {
        guard let own, let upstream else { return nil }
        return min(own, upstream)
    }

    /// `16 GT/s x8 of 32 GT/s x16`; nil: neither speed nor width is told.
    package var words: String? {
        guard let now = Self.words(speed, width) else { return nil }
        guard let most = Self.words(maxSpeed, maxWidth), most != now else { return now }
        return "\(now) of \(most)"
    }

    private static func words(_ speed: Int?, _ width: Int?) -> String? {
        let words = [speed.map(speedWords), width.map { "x\($0)" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// `2.5 GT/s` for 250, `16 GT/s` for 1600.
    package static func speedWords(_ speed: Int) -> String {
        let tenths = speed % 100 / 10
        return tenths == 0 ? "\(speed / 100) GT/s" : "\(speed / 100).\(tenths) GT/s"
    }
}

extension PCILink.Shortfall {
    package var severity: Finding.Severity {
        switch self {
        case .width: .warning
        case .speed: .note
        }
    }

    package var sentence: String {
        switch self {
        case .width(let width, let most): "The link uses \(width) of \(most) lanes."
        case .speed(let speed, let most):
            "The link runs at \(PCILink.speedWords(speed)) of \(PCILink.speedWords(most)), which is normal for an "
                + "idle device."
        }
    }
}
