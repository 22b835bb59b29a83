import PatchbayCore
import PatchbayText

extension API.HostSettings {
    package init(_ settings: PatchbayCore.HostSettings) {
        self.init(labels: settings.labels, isPinned: settings.isPinned, isCordoned: settings.isCordoned)
    }
}

extension API.HostSettingsDraft {
    /// The settings this draft makes of `settings`. Throws `.malformedInput` naming what is wrong.
    package func applied(
        to settings: PatchbayCore.HostSettings
    ) throws(PatchbayCore.Problem) -> PatchbayCore.HostSettings {
        var result = settings
        for name in removeLabels ?? [] {
            if labels?[name] != nil {
                throw Problem(
                    .malformedInput, "Label \"\(name)\" is both set and removed.", next: ["Do only one of the two."])
            }
            result.labels[name] = nil
        }
        for (name, value) in (labels ?? [:]).sorted(by: { $0.key < $1.key }) {
            try LabelWords.check(name, value)
            result.labels[name] = value
        }
        guard result.labels.count <= LabelWords.mostLabels else {
            throw Problem(
                .malformedInput, "The host would have \(result.labels.count) labels.",
                next: ["Use at most \(LabelWords.mostLabels)."])
        }
        if let isPinned { result.isPinned = isPinned }
        if let isCordoned { result.isCordoned = isCordoned }
        return result
    }
}
