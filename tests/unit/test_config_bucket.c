/* SPDX-License-Identifier: MIT */
/* The settings of the bronze archive's bucket. */
#include "tests/unit/test_config_environment.h"

static const char good[] = "BRONZE_DIR=b\nBRONZE_S3_BUCKET=etl-bronze\nAWS_ACCESS_KEY_ID=AKID\n"
                           "AWS_SECRET_ACCESS_KEY=hunter2\n";

static void write_good(const char *more)
{
    MEM_FREE_TEXT char *text = mem_format("%s%s", good, more);

    write_env(text);
}

static void without_a_bucket_nothing_of_aws_is_read(void **state)
{
    (void)state;

    write_env("BRONZE_DIR=b\nAWS_ACCESS_KEY_ID=AKID\nBRONZE_S3_ENDPOINT=nonsense\n");
    struct settings settings = load(NULL);
    assert_null(settings.bucket.name);
    assert_null(settings.bucket.key_id);
    settings_done(&settings);
}

static void prefix_endpoint_and_region_are_read_in_one_form(void **state)
{
    static const struct {
        const char *text, *prefix, *endpoint, *region;
    } cases[] = {
        {"BRONZE_S3_REGION=sa-east-1\n", NULL, NULL, "sa-east-1"},
        {"AWS_REGION=eu-west-1\nBRONZE_S3_PREFIX=//a/b.c//\n", "a/b.c", NULL, "eu-west-1"},
        {"AWS_REGION=eu-west-1\nBRONZE_S3_REGION=sa-east-1\nBRONZE_S3_PREFIX=/\n", NULL, NULL,
         "sa-east-1"},
        {"BRONZE_S3_ENDPOINT=https://id.r2.cloudflarestorage.com/\n", NULL,
         "https://id.r2.cloudflarestorage.com", "us-east-1"},
        {"BRONZE_S3_ENDPOINT=http://127.0.0.1:9000\n", NULL, "http://127.0.0.1:9000", "us-east-1"},
        {"BRONZE_S3_ENDPOINT=https://minio:443\n", NULL, "https://minio", "us-east-1"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        write_good(cases[i].text);
        struct settings settings = load(NULL);
        const struct bucket_settings *bucket = &settings.bucket;
        assert_string_equal(bucket->name, "etl-bronze");
        assert_string_equal(bucket->secret, "hunter2");
        assert_string_equal(bucket->region, cases[i].region);
        assert_string_equal(bucket->prefix ? bucket->prefix : "none",
                            cases[i].prefix ? cases[i].prefix : "none");
        assert_string_equal(bucket->endpoint ? bucket->endpoint : "none",
                            cases[i].endpoint ? cases[i].endpoint : "none");
        settings_done(&settings);
    }
}

static void what_cannot_be_used_is_told_without_the_secret(void **state)
{
    static const char endpoint[] = "BRONZE_S3_ENDPOINT must be https://HOST or http://HOST:PORT, "
                                   "in small letters and without a path";
    static const char name[] = "BRONZE_S3_BUCKET must be a bucket's name: 3 to 63 small letters, "
                               "digits, '-' and '.'";
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "BRONZE_S3_REGION is missing: the bucket's region, such as sa-east-1"},
        {"BRONZE_S3_REGION=sa_east\n",
         "BRONZE_S3_REGION must be a region's name, such as sa-east-1"},
        {"BRONZE_S3_ENDPOINT=https://user:hunter2@host\n", endpoint},
        {"BRONZE_S3_ENDPOINT=https://host/path\n", endpoint},
        {"BRONZE_S3_ENDPOINT=ftp://host\n", endpoint},
        {"BRONZE_S3_ENDPOINT=https://host?x=1\n", endpoint},
        {"BRONZE_S3_BUCKET=ab\n", name},
        {"BRONZE_S3_BUCKET=a/b/c\n", name},
        {"BRONZE_S3_BUCKET=Etl\n", name},
        {"BRONZE_S3_PREFIX=a/../b\n",
         "BRONZE_S3_PREFIX must be names with '/' between them, of letters, digits and -_.!*'(), "
         "512 characters at most"},
        {"BRONZE_S3_REGION=x\nAWS_SECRET_ACCESS_KEY=\n",
         "BRONZE_S3_BUCKET: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"},
        {"BRONZE_S3_REGION=x\nAWS_ACCESS_KEY_ID=\n",
         "BRONZE_S3_BUCKET: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not"},
        {"BRONZE_S3_REGION=x\nAWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=\n",
         "BRONZE_S3_BUCKET needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a task role of "
         "ECS"},
        {"BRONZE_S3_REGION=x\nBRONZE_DIR=\n",
         "BRONZE_S3_BUCKET needs BRONZE_DIR, the folder of the first copy; it may be one that ends "
         "with the container"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        write_good(cases[i].text);
        expect_refused(NULL, cases[i].message);
    }
}

static void a_task_role_of_ecs_is_enough(void **state)
{
    (void)state;

    write_env("BRONZE_DIR=b\nBRONZE_S3_BUCKET=etl-bronze\nAWS_REGION=sa-east-1\n");
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/hunter2", 1);
    struct settings settings = load(NULL);
    assert_null(settings.bucket.key_id);
    assert_string_equal(settings.bucket.credentials_path, "/v2/credentials/hunter2");
    settings_done(&settings);
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil/hunter2", 1);
    expect_refused(NULL, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with /");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(without_a_bucket_nothing_of_aws_is_read),
        IN_FOLDER(prefix_endpoint_and_region_are_read_in_one_form),
        IN_FOLDER(what_cannot_be_used_is_told_without_the_secret),
        IN_FOLDER(a_task_role_of_ecs_is_enough),
    };

    return cmocka_run_group_tests_name("config_bucket", tests, NULL, NULL);
}
