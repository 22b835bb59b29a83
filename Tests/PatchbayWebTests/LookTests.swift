import Foundation
import NIOCore
import Testing

@testable import PatchbayWeb

@Suite struct `Look` {
    private let css = String(decoding: PackageResources.patchbay_css, as: UTF8.self)

    /// `name: light-dark(#xxxxxx, #xxxxxx)` for every token.
    private func tokens() -> [String: (light: String, dark: String)] {
        var tokens: [String: (light: String, dark: String)] = [:]
        for match in css.matches(of: /--([\w-]+): light-dark\(#([0-9A-F]{6}), #([0-9A-F]{6})\)/) {
            tokens[String(match.output.1)] = (String(match.output.2), String(match.output.3))
        }
        tokens["host"] = tokens["muted"]
        return tokens
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    private func contrast(_ one: String, _ other: String) -> Double {
        func luminance(_ hex: String) -> Double {
            let value = Int(hex, radix: 16) ?? 0
            let channels = [value >> 16, value >> 8 & 255, value & 255].map { channel in
                let part = Double(channel) / 255
                return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        }
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    @Test func `text is readable on page and panel, in light and in dark`() throws {
        let tokens = tokens()
        let page = try #require(tokens["page"])
        let panel = try #require(tokens["panel"])
        let words = ["ink", "muted", "free", "allocated", "attached", "host", "blocked", "attention"]
        for name in words {
            let colour = try #require(tokens[name], "there is no colour \(name)")
            for (text, ground) in [
                (colour.light, page.light), (colour.light, panel.light), (colour.dark, page.dark),
                (colour.dark, panel.dark),
            ] {
                #expect(contrast(text, ground) >= 4.5, "\(name): \(text) on \(ground)")
            }
        }
    }

    @Test func `cables are eight colours that stand out from the page`() throws {
        let tokens = tokens()
        let page = try #require(tokens["page"])
        #expect(VMColour.count == 8)
        for index in 0..<8 {
            let cable = try #require(tokens["colour-\(index)"])
            #expect(contrast(cable.light, page.light) >= 4.5)
            #expect(contrast(cable.dark, page.dark) >= 7.5)
        }
    }

    @Test func `the contrast of black on white is known`() {
        #expect(abs(contrast("000000", "FFFFFF") - 21) < 0.01)
    }

    @Test func `people who want less motion or their own colours are heard`() {
        for query in ["prefers-reduced-motion", "forced-colors: active", "pointer: coarse"] {
            #expect(css.contains(query))
        }
        #expect(css.contains("color-scheme: light dark"))
    }

    @Test func `the style sheet is safe from right to left`() {
        #expect(css.firstMatch(of: /[ {;](margin|padding|border)-(left|right)|[ {;](left|right):/) == nil)
    }

    @Test func `every key that the scripts answer to is documented, and no other`() {
        let bay = String(decoding: PackageResources.bay_js, as: UTF8.self)
        let keys = String(decoding: PackageResources.keys_js, as: UTF8.self)
        var bound: Set<String> = ["Enter", "Escape", "Control+Enter"]
        for match in bay.matches(of: /(?m)^  (?:"([^"]+)"|([A-Za-z]+)): \(\) =>/) {
            bound.insert(String(match.output.1 ?? match.output.2 ?? ""))
        }
        for match in keys.matches(of: /(?m)^    "([^"]+)": \(\) =>/) { bound.insert(String(match.output.1)) }
        for match in keys.matches(of: /"(g [a-z])":/) { bound.insert(String(match.output.1)) }
        #expect(bound == Set(KeyBinding.all.map(\.press)))
        #expect(keys.contains("event.ctrlKey || event.metaKey") && keys.contains("\"Escape\""))
    }

    @Test func `every state has a colour and every asset is embedded whole`() throws {
        for state in ["free", "allocated", "attached", "host", "blocked", "missing", "quarantined"] {
            #expect(css.contains(".state-\(state)"))
        }
        let app = try #require(WebAsset.named("app.js"))
        #expect(String(buffer: app.plain.bytes).contains("startLive();"))
        #expect(Set(WebAsset.all.map(\.plain.eTag)).count == WebAsset.all.count)
    }
}
