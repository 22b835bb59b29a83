import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayCore

/// The cookies of the pages themselves; the session's is the guard's.
enum WebCookie {
    static let theme = "patchbay-theme"

    static func theme(_ theme: Theme) -> String {
        "\(Self.theme)=\(theme.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
    }

    /// A message for the next page only; nil: there is none any more.
    static func notice(_ text: String?, named name: String) -> String {
        let value = Percent.encode(String((text ?? "").prefix(600)))
        return "\(name)=\(value); Path=/; Max-Age=\(text == nil ? 0 : 60); HttpOnly; SameSite=Strict"
    }
}
