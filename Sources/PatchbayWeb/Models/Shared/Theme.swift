/// The colours a person chose; `auto` follows the system.
enum Theme: String, Sendable, CaseIterable {
    case auto, light, dark

    var next: Theme {
        switch self {
        case .auto: .dark
        case .dark: .light
        case .light: .auto
        }
    }
}
