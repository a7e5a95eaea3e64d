#include "edit_filter.h"

#include "code_tokens.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// What a variable may be used for.
struct role {
    bool is_constant; // cannot be assigned to
    bool is_object;   // a structure or a function: no operand
    bool is_flag;     // a bit of a mask: no amount
    long long value;  // of an enumerator that is a plain number; 0: not known
};

struct filter {
    const struct kernel_text *kernel;
    struct role *roles; // of each variable
    bool *brackets;     // tokens that are `<` and `>` of template arguments
};

static const char *const assignments[] = {
    "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--", NULL};

static bool is_structure(const struct kernel_text *kernel, const char *type)
{
    for (size_t i = 0; i + 1 < kernel->token_count; i++) {
        const struct token *name = &kernel->tokens[i + 1];
        if ((token_is(kernel, i, "struct") || token_is(kernel, i, "union")) &&
            strlen(type) == name->length && strncmp(type, name->start, name->length) == 0)
            return true;
    }
    return false;
}

static bool is_mask_operator(const struct kernel_text *kernel, size_t token)
{
    static const char *const marks[] = {"|", "&", "~", "|=", "&=", "==", "!=", NULL};
    return token_is_one_of(kernel, token, marks);
}

static bool is_said_constant(const struct kernel_text *kernel, const struct variable_name *variable)
{
    static const char *const borders[] = {";", "{", "}", "(", NULL};
    if (variable->function == SIZE_MAX)
        return true;
    const struct function *function = &kernel->functions[variable->function];
    if (variable->token < function->name) // of a template
        return true;
    bool constant = false, parameter = variable->token < function->body;
    for (size_t i = variable->token; i-- > 0;) {
        bool first = i + 1 == variable->token;
        if (first && token_is(kernel, i, "*"))
            return false; // what it points to may be
        if (token_closes(kernel, i) && token_has_partner(kernel, i) && !token_is(kernel, i, "}"))
            i = kernel->tokens[i].partner;
        else if (token_is_one_of(kernel, i, borders) || (parameter && token_is(kernel, i, ",")))
            break;
        constant = constant || token_is(kernel, i, "const") || token_is(kernel, i, "constexpr");
    }
    return constant;
}

static struct role role_of(const struct kernel_text *kernel, const struct variable_name *variable)
{
    struct role role = {.is_constant = is_said_constant(kernel, variable),
                        .is_object = strcmp(variable->type, "lambda") == 0 ||
                                     is_structure(kernel, variable->type)};
    size_t end =
        variable->scope_end < kernel->token_count ? variable->scope_end : kernel->token_count - 1;
    size_t uses = 0, as_mask = 0;
    for (size_t i = variable->token + 1; i <= end && i < kernel->token_count; i++) {
        if (!token_same(kernel, i, variable->token) || is_member(kernel, i))
            continue;
        uses++;
        as_mask += is_mask_operator(kernel, i - 1) || is_mask_operator(kernel, i + 1);
        role.is_object = role.is_object || token_is(kernel, i + 1, ".") ||
                         (token_is(kernel, i + 1, "(") && variable->class == TYPE_OTHER);
    }
    role.is_flag = uses > 0 && as_mask == uses && variable->function == SIZE_MAX;
    size_t number = variable->token + 2;
    if (variable->function == SIZE_MAX && token_is(kernel, number - 1, "=") &&
        kernel->tokens[number].kind == TOKEN_NUMBER &&
        (token_is(kernel, number + 1, ",") || token_is(kernel, number + 1, "}")))
        role.value = strtoll(kernel->tokens[number].start, NULL, 0);
    return role;
}

// `<` behind the name of a template, and its `>`.
static bool opens_template(const struct kernel_text *kernel, size_t token)
{
    static const char *const casts[] = {"static_cast", "reinterpret_cast", "const_cast", "template",
                                        NULL};
    if (!token_is(kernel, token, "<") || token == 0)
        return false;
    if (token_is_one_of(kernel, token - 1, casts))
        return true;
    for (size_t i = 0; i < kernel->function_count; i++)
        if (kernel->functions[i].is_template &&
            token_same(kernel, kernel->functions[i].name, token - 1))
            return true;
    for (size_t i = 1; i + 1 < kernel->token_count; i++)
        if ((token_is(kernel, i, "struct") || token_is(kernel, i, "union") ||
             token_is(kernel, i, "class")) &&
            token_is(kernel, i - 1, ">") && token_same(kernel, i + 1, token - 1))
            return true;
    return false;
}

static void find_brackets(struct filter *filter)
{
    enum { FARTHEST = 40 };
    const struct kernel_text *kernel = filter->kernel;
    for (size_t i = 1; i < kernel->token_count; i++) {
        size_t depth = 1, end = i;
        if (filter->brackets[i] || !opens_template(kernel, i))
            continue;
        while (depth > 0 && ++end < kernel->token_count && end - i < FARTHEST &&
               !token_is(kernel, end, ";"))
            depth += (size_t)token_is(kernel, end, "<") - (size_t)token_is(kernel, end, ">");
        if (depth > 0)
            continue;
        filter->brackets[i] = filter->brackets[end] = true;
    }
}

// The name that a text begins with, as one of those that stand in the edit's function.
static const struct role *role_named(const struct filter *filter, const char *name, size_t length,
                                     size_t token)
{
    const struct kernel_text *kernel = filter->kernel;
    const struct role *found = NULL;
    for (size_t i = 0; i < kernel->variable_count; i++) {
        const struct variable_name *variable = &kernel->variables[i];
        const struct token *declared = &kernel->tokens[variable->token];
        if (declared->length == length && strncmp(declared->start, name, length) == 0 &&
            variable->token < token && token <= variable->scope_end)
            found = &filter->roles[i]; // the innermost is declared last
    }
    return found;
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static const struct role *role_at(const struct filter *filter, size_t token)
{
    const struct token *name = &filter->kernel->tokens[token];
    if (name->kind != TOKEN_WORD || is_member(filter->kernel, token))
        return NULL;
    return role_named(filter, name->start, name->length, token);
}

static bool is_assigned(const struct kernel_text *kernel, size_t first, size_t end)
{
    return token_is_one_of(kernel, end, assignments) ||
           (first > 0 && (token_is(kernel, first - 1, "++") || token_is(kernel, first - 1, "--")));
}

// What is inserted in front of something, or put in its place, must be assignable where it is
// assigned to.
static bool assigns_to_constant(const struct filter *filter, size_t first, size_t end,
                                const char *text)
{
    while (*text == ' ')
        text++;
    size_t length = name_length(text);
    const struct role *role = length > 0 ? role_named(filter, text, length, first) : NULL;
    const char *behind = text + length + strspn(text + length, " ");
    size_t mark = strcspn(behind, "=");
    bool assigns = mark <= 3 && behind[mark] == '=' && behind[mark + 1] != '=' &&
                   strspn(behind, "+-*/%&|^<>") == mark && strncmp(behind, "<=", 2) != 0 &&
                   strncmp(behind, ">=", 2) != 0;
    if (role != NULL && role->is_constant && assigns && strchr(text, ';') != NULL)
        return true;
    if (first == end || !is_assigned(filter->kernel, first, end))
        return false;
    bool is_name = length > 0 && *behind == '\0' && !isdigit((unsigned char)*text);
    return (role != NULL && role->is_constant && is_name) || (*text == '(' && *behind != '\0');
}

// `* scale` behind a structure, or with one.
static bool computes_with_object(const struct filter *filter, const struct edit *edit)
{
    const char *text = edit->text + strspn(edit->text, " ");
    if (edit->first == edit->end && strchr("+-*/%", *text) != NULL && *text != '\0' &&
        edit->first > 0) {
        const struct role *before = role_at(filter, edit->first - 1);
        const char *name = text + 1 + strspn(text + 1, " ");
        const struct role *added = role_named(filter, name, name_length(name), edit->first);
        const char behind = name[name_length(name)];
        bool whole = added != NULL && (behind == '\0' || strchr(".[(", behind) == NULL);
        return (before != NULL && before->is_object) || (whole && added->is_object);
    }
    if (edit->end != edit->first + 1)
        return false;
    size_t length = name_length(text);
    if (length == 0 || text[length + strspn(text + length, " ")] != '\0')
        return false;
    const struct role *old = role_at(filter, edit->first);
    const struct role *new = role_named(filter, text, length, edit->first);
    return old != NULL && new != NULL && old->is_object != new->is_object;
}

static bool breaks_brackets(const struct filter *filter, size_t first, size_t end)
{
    int depth = 0;
    for (size_t i = first; i < end; i++) {
        if (filter->brackets[i])
            depth += token_is(filter->kernel, i, "<") ? 1 : -1;
        if (depth < 0)
            return true;
    }
    return depth != 0;
}

// `*` of `(float *)`, and `&` of `int &x`.
static bool is_part_of_type(const struct kernel_text *kernel, const struct edit *edit)
{
    return edit->end == edit->first + 1 &&
           (token_is(kernel, edit->first, "*") || token_is(kernel, edit->first, "&")) &&
           (token_is(kernel, edit->end, ")") || token_is(kernel, edit->end, ">") ||
            token_is(kernel, edit->end, ","));
}

// Of a pointer there are sums and differences alone.
static bool multiplies_pointer(const struct kernel_text *kernel, size_t function,
                               const struct edit *edit)
{
    const char *text = edit->text + strspn(edit->text, " ");
    if (strcmp(edit->kind, "operator") != 0 || edit->first == 0 || text[0] == '\0' ||
        text[1] != '\0' || strchr("*/%&|^", *text) == NULL || function == SIZE_MAX)
        return false;
    const struct variable_name *left = variable_at(kernel, function, edit->first - 1);
    return left != NULL && !is_member(kernel, edit->first - 1) &&
           left->type[strlen(left->type) - 1] == '*';
}

static bool is_plain_operand(const struct kernel_text *kernel, size_t function, size_t token)
{
    const struct variable_name *variable = variable_at(kernel, function, token);
    return variable != NULL && variable->class == TYPE_INTEGER && !is_member(kernel, token) &&
           operand_end(kernel, token) == token;
}

// A term added behind the first of two terms is added behind the second, too; so are factors.
static bool is_said_later(const struct kernel_text *kernel, size_t function,
                          const struct edit *edit)
{
    const char *text = edit->text + strspn(edit->text, " ");
    size_t mark = edit->first, next = mark + 1;
    if (edit->first != edit->end || edit->text2 != NULL || function == SIZE_MAX ||
        next + 1 >= kernel->token_count || !is_plain_operand(kernel, function, next))
        return false;
    static const char *const products[] = {"*", "/", "%", NULL};
    if (*text == '+' || *text == '-')
        return (token_is(kernel, mark, "+") || token_is(kernel, mark, "-")) &&
               !token_is_one_of(kernel, next + 1, products);
    return *text == '*' && token_is(kernel, mark, "*");
}

// A constant that is a small number: edits put the number there as well. One that is a bit of a
// mask is no amount.
static bool is_said_by_number(const struct filter *filter, const struct edit *edit)
{
    const char *text = edit->text + strspn(edit->text, " "), *name = text + 1;
    if (edit->first != edit->end || *text == '\0' || strchr("+-*/%", *text) == NULL)
        return false;
    name += strspn(name, " ");
    const struct role *role = role_named(filter, name, name_length(name), edit->first);
    if (role == NULL)
        return false;
    if (role->is_flag || role->value == 1)
        return true;
    bool is_factor = role->value == 2 || role->value == 4 || role->value == 8 || role->value == 16;
    return *text == '*' && is_factor;
}

// `int i = 0` has a `=` that is no assignment.
static bool changes_declaration(const struct kernel_text *kernel, const struct edit *edit)
{
    return token_is(kernel, edit->first, "=") && edit->end == edit->first + 1 && edit->first > 0 &&
           (is_declared_here(kernel, edit->first - 1) ||
            (token_is(kernel, edit->first - 1, "]") && token_has_partner(kernel, edit->first - 1) &&
             is_declared_here(kernel, kernel->tokens[edit->first - 1].partner - 1)));
}

// The size of an array that is declared is a constant.
static bool sizes_by_variable(const struct filter *filter, const struct edit *edit)
{
    const struct kernel_text *kernel = filter->kernel;
    size_t open = edit->first;
    while (open-- > 0 && !token_is(kernel, open, "[")) {
        if (token_is(kernel, open, ";") || token_is(kernel, open, "{"))
            return false;
    }
    if (open == SIZE_MAX || !token_has_partner(kernel, open) ||
        kernel->tokens[open].partner < edit->first)
        return false;
    while (open > 0 && token_is(kernel, open - 1, "]") && token_has_partner(kernel, open - 1))
        open = kernel->tokens[open - 1].partner;
    if (open == 0 || !is_declared_here(kernel, open - 1))
        return false;
    const char *name = edit->text + strcspn(edit->text, "abcdefghijklmnopqrstuvwxyz"
                                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    const struct role *role = role_named(filter, name, name_length(name), edit->first);
    return role != NULL && !role->is_constant;
}

static bool is_useless(const struct filter *filter, size_t function, const struct edit *edit)
{
    const struct kernel_text *kernel = filter->kernel;
    if (breaks_brackets(filter, edit->first, edit->end) ||
        (edit->text2 != NULL && breaks_brackets(filter, edit->first2, edit->end2)))
        return true;
    if (assigns_to_constant(filter, edit->first, edit->end, edit->text) ||
        (edit->text2 != NULL && assigns_to_constant(filter, edit->first2, edit->end2, edit->text2)))
        return true;
    if ((strchr(edit->text, ';') != NULL && is_initialiser_element(kernel, edit->first)) ||
        (edit->text2 != NULL && strchr(edit->text2, ';') != NULL &&
         is_initialiser_element(kernel, edit->first2)))
        return true;
    if (changes_declaration(kernel, edit) || sizes_by_variable(filter, edit))
        return true;
    return computes_with_object(filter, edit) || is_part_of_type(kernel, edit) ||
           multiplies_pointer(kernel, function, edit) || is_said_later(kernel, function, edit) ||
           is_said_by_number(filter, edit);
}

static void keep_useful(const struct filter *filter, struct edits *edits)
{
    size_t kept = 0;
    for (size_t i = 0; i < edits->count; i++) {
        struct edit *edit = &edits->list[i];
        if (!is_useless(filter, token_function(filter->kernel, edit->first), edit)) {
            edits->list[kept++] = *edit;
            continue;
        }
        free(edit->text);
        free(edit->text2);
    }
    edits->count = kept;
}

void edit_filter(const struct kernel_text *kernel, struct edits *edits)
{
    struct filter filter = {.kernel = kernel,
                            .roles = calloc(kernel->variable_count + 1, sizeof *filter.roles),
                            .brackets = calloc(kernel->token_count + 1, sizeof *filter.brackets)};
    if (filter.roles != NULL && filter.brackets != NULL) {
        for (size_t i = 0; i < kernel->variable_count; i++)
            filter.roles[i] = role_of(kernel, &kernel->variables[i]);
        find_brackets(&filter);
        keep_useful(&filter, edits);
    } else {
        edits->failed = true;
    }
    free(filter.roles);
    free(filter.brackets);
}
